using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Writing;

namespace AiCd.Actors.Runtime;

/// <summary>The gateway of a node to the jobs on its own shards.</summary>
internal sealed class LocalGateway(JobRegion region, ShardLedger ledger, IStore store, TimeProvider time) : IJobGateway
{
    private const string IdempotencyClaim = "idempotency";

    private int _nextShard = Random.Shared.Next(JobId.MaxShards);

    public async Task<SubmitResult> SubmitAsync(NewJob job, CancellationToken cancellationToken)
    {
        if (job.IdempotencyKey is { } key
            && await store.Journal.FindClaimAsync(job.Tenant, IdempotencyClaim, key, cancellationToken) is { } holder)
        {
            return new SubmitResult(holder, Created: false);
        }

        var now = time.Now();
        var id = Ids.NewJob(now, NextShard());
        var body = NewArtifact.Text(ArtifactKinds.Issue, job.Body, "text/markdown");
        var submission = new Submission(
            job.Tenant,
            job.Repository,
            job.BaseBranch,
            BranchNames.For(id, job.Title),
            job.Title,
            body.Ref,
            job.Agent,
            job.Priority,
            job.Url,
            job.RequirePlanApproval,
            job.Labels,
            job.NotBefore,
            job.Deadline);
        var submit = new ActorMessage.Deliver(
            new JobCommand.Submit(submission) { At = now },
            body.Content is { } content ? [content] : [],
            job.IdempotencyKey is { } idempotency ? [new Claim(IdempotencyClaim, idempotency, Permanent: true)] : []);
        region.Tell(id, submit);
        try
        {
            return await submit.Reply.Task.WaitAsync(cancellationToken) is CommandResult.Refused { Refusal: var refusal }
                ? throw new InvalidOperationException(refusal.Message)
                : new SubmitResult(id, Created: true);
        }
        catch (AppendRefusedException refused) when (refused.Claim is { Holder: { } first })
        {
            return new SubmitResult(first, Created: false);
        }
    }

    public async Task<CommandResult> SendAsync(
        JobId job, JobCommand command, IReadOnlyList<ArtifactContent>? contents, CancellationToken cancellationToken)
    {
        var deliver = new ActorMessage.Deliver(command, contents ?? [], []);
        region.Tell(job, deliver);
        return await deliver.Reply.Task.WaitAsync(cancellationToken);
    }

    public Task<Job?> FindAsync(JobId job, CancellationToken cancellationToken) => LookAsync(job, startOwed: false, cancellationToken);

    public Task<Job?> WakeAsync(JobId job, CancellationToken cancellationToken) => LookAsync(job, startOwed: true, cancellationToken);

    private async Task<Job?> LookAsync(JobId job, bool startOwed, CancellationToken cancellationToken)
    {
        var look = new ActorMessage.Look(startOwed);
        region.Tell(job, look);
        return await look.Reply.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Round robin over the shards of this node.</summary>
    private int NextShard()
    {
        var owned = ledger.Owned();
        return owned.Count > 0
            ? owned[(int)((uint)Interlocked.Increment(ref _nextShard) % owned.Count)]
            : throw new JournalException("This node owns no shard yet", isTransient: true);
    }
}
