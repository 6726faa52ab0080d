using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Pools;

namespace AiCd.Actors.Runtime;

/// <summary>What a job's mailbox takes.</summary>
internal abstract record ActorMessage
{
    private ActorMessage()
    {
    }

    /// <summary>The message will not be handled.</summary>
    public abstract void Fail(Exception error);

    public sealed record Deliver(JobCommand Command, IReadOnlyList<ArtifactContent> Contents, IReadOnlyList<Claim> Claims) : ActorMessage
    {
        /// <summary>The inbox command that this is; its outcome is written with its events.</summary>
        public Guid? InboxId { get; init; }

        public TaskCompletionSource<CommandResult> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Fail(Exception error) => Reply.TrySetException(error);
    }

    /// <summary>A pool has a place for the job.</summary>
    public sealed record Grant(StageSlot Slot) : ActorMessage
    {
        public override void Fail(Exception error) => Slot.Dispose();
    }

    /// <summary>Recover, start what is owed, and say how the job stands.</summary>
    /// <param name="StartOwed">False where the caller only wants to look.</param>
    public sealed record Look(bool StartOwed) : ActorMessage
    {
        public TaskCompletionSource<Job?> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Fail(Exception error) => Reply.TrySetException(error);
    }

    /// <summary>Leave memory if there is nothing to do.</summary>
    public sealed record Passivate : ActorMessage
    {
        public static Passivate Instance { get; } = new();

        public override void Fail(Exception error)
        {
        }
    }
}
