using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Writing;

/// <summary>What one actor wants appended, and who waits for it.</summary>
internal sealed class PendingAppend(Job after, int firstSeq, IReadOnlyList<EventData> events)
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The job as the events leave it: what the projections will show.</summary>
    public Job After { get; } = after;

    public int FirstSeq { get; } = firstSeq;

    public IReadOnlyList<EventData> Events { get; } = events;

    public int Shard { get; } = after.Id.Shard;

    /// <summary>True where the words that the job is searched by are not those of its earlier events.</summary>
    public bool ChangesWords { get; init; }

    public Activity Activity { get; init; }

    public IReadOnlyList<Claim> Claims { get; init; } = [];

    public IReadOnlyList<ArtifactContent> Artifacts { get; init; } = [];

    public IReadOnlyList<string> References { get; init; } = [];

    public HandledCommand? Handled { get; init; }

    /// <summary>Completes after the commit, never before.</summary>
    public Task Completion => _completion.Task;

    public void Succeed() => _completion.TrySetResult();

    public void Fail(Exception error) => _completion.TrySetException(error);

    public AppendEntry ToEntry(long firstShardSeq) => new(After.Id, After.Submission.Tenant, FirstSeq, firstShardSeq, Events)
    {
        Activity = Activity,
        Claims = Claims,
        Artifacts = Artifacts,
        References = References,
        Handled = Handled,
    };
}
