using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Actors.Runtime.Pools;
using AiCd.Actors.Runtime.Writing;

namespace AiCd.Actors.Runtime;

/// <summary>
/// The gateway of one node: jobs on its own shards are reached in memory, all others by the inbox. Where a shard is lost while a
/// command is under way, the same command goes on to the new owner.
/// </summary>
internal sealed class NodeGateway(
    JobRegion region,
    ShardLedger ledger,
    ReplayBatcher replays,
    RemoteCommands remote,
    Func<IReadOnlyList<int>> shardsOfOthers,
    Func<Job, WaitingReason?> explain,
    EngineOptions options,
    IStore store,
    TimeProvider time) : IJobGateway
{
    private int _nextShard = Random.Shared.Next(JobId.MaxShards);

    public async Task<SubmitResult> SubmitAsync(NewJob job, CancellationToken cancellationToken)
    {
        Submissions.ThrowIfUnstorable(job);
        if (job.IdempotencyKey is { } key
            && await store.Journal.FindClaimAsync(job.Tenant, ClaimKinds.Idempotency, key, cancellationToken) is { } holder)
        {
            return await KnownAsync(job, holder, ClaimKinds.Idempotency, cancellationToken);
        }

        var now = time.Now();
        var id = Ids.NewJob(now, NextShard());
        var body = NewArtifact.Text(ArtifactKinds.Issue, job.Body, "text/markdown");
        var submit = new JobCommand.Submit(Submissions.Of(job, id, body.Ref), job.Link?.Inherited) { At = now };
        IReadOnlyList<ArtifactContent> contents = body.Content is { } content ? [content] : [];
        var claims = ClaimsOf(job);
        TriedAppend? tried;
        try
        {
            (var result, tried) = await TryLocallyAsync(id, submit, contents, claims, cancellationToken);
            if (result is not null)
            {
                return result is CommandResult.Refused { Refusal: var refusal }
                    ? throw new InvalidOperationException($"The submission was refused: {refusal.Message}")
                    : new SubmitResult(id, Created: true);
            }
        }
        catch (AppendRefusedException refused) when (refused.Claim is { Holder: { } first, Kind: var kind })
        {
            return await KnownAsync(job, first, kind, cancellationToken);
        }

        var outcome = await remote.SendAsync(id, job.Tenant, submit, claims, contents, tried, cancellationToken);
        return outcome switch
        {
            null => new SubmitResult(id, Created: true) { Settled = false },
            { Holder: { } first } when first != id => await KnownAsync(job, first, outcome.HeldBy, cancellationToken),
            { Refusal: { Code: not RefusalCodes.AlreadyDone } refusal } => throw new JournalException($"The submission was refused: {refusal.Message}", isTransient: false),
            _ => new SubmitResult(id, Created: true),
        };
    }

    public async Task<CommandResult> SendAsync(
        JobId job, JobCommand command, IReadOnlyList<ArtifactContent>? contents, CancellationToken cancellationToken)
    {
        // The job's own history refuses an act that changed it; the claim, one that changed another job.
        IReadOnlyList<Claim> claims = command.Act is { } act ? [new Claim(ClaimKinds.Act, act, Permanent: true)] : [];
        TriedAppend? tried;
        try
        {
            (var result, tried) = await TryLocallyAsync(job, command, contents ?? [], claims, cancellationToken);
            if (result is not null)
            {
                return result;
            }
        }
        catch (AppendRefusedException refused) when (refused.Claim is { Holder: not null })
        {
            return new CommandResult.Refused(new Refusal(RefusalCodes.AlreadyDone, refused.Message, null));
        }

        if (await FindAsync(job, cancellationToken) is not { } known)
        {
            return new CommandResult.Refused(new Refusal(RefusalCodes.NotFound, "There is no such job", null));
        }

        var outcome = await remote.SendAsync(job, known.Submission.Tenant, command, claims, contents ?? [], tried, cancellationToken);
        return outcome switch
        {
            null => new CommandResult.Pending(),
            { Refusal: { } refusal } => new CommandResult.Refused(refusal),
            _ => new CommandResult.Applied(await FindAsync(job, cancellationToken) ?? known),
        };
    }

    public Task<Job?> FindAsync(JobId job, CancellationToken cancellationToken) => LookAsync(job, startOwed: false, cancellationToken);

    public Task<Job?> WakeAsync(JobId job, CancellationToken cancellationToken) => LookAsync(job, startOwed: true, cancellationToken);

    public async Task<WaitingReason?> ExplainAsync(JobId job, CancellationToken cancellationToken)
    {
        if (await FindAsync(job, cancellationToken) is not { } found || OwedWork.StageOf(found) is null)
        {
            return null;
        }

        if (ledger.Owns(job.Shard) || !store.IsShared)
        {
            return explain(found);
        }

        var answer = await remote.SendAsync(job, found.Submission.Tenant, command: null, [], [], tried: null, cancellationToken);
        return answer?.Waiting ?? explain(found);
    }

    /// <returns>No result where the shard is another node's, or became so meanwhile.</returns>
    private async Task<(CommandResult? Result, TriedAppend? Tried)> TryLocallyAsync(
        JobId job, JobCommand command, IReadOnlyList<ArtifactContent> contents, IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        if (!ledger.Owns(job.Shard))
        {
            return (null, null);
        }

        var deliver = new ActorMessage.Deliver(command, contents, claims);
        region.Tell(job, deliver);
        try
        {
            return (await deliver.Reply.Task.WaitAsync(cancellationToken), null);
        }
        catch (ShardLostException lost)
        {
            return store.IsShared ? (null, lost.Tried) : throw new JournalException("This node is stopping", isTransient: true);
        }
    }

    private async Task<Job?> LookAsync(JobId job, bool startOwed, CancellationToken cancellationToken)
    {
        if (job.Shard >= ledger.ShardCount)
        {
            return null;
        }

        if (ledger.Owns(job.Shard))
        {
            var look = new ActorMessage.Look(startOwed);
            region.Tell(job, look);
            try
            {
                return await look.Reply.Task.WaitAsync(cancellationToken);
            }
            catch (ShardLostException)
            {
                // Its new owner starts what is owed; what the journal says is told below.
            }
        }

        var replay = await replays.ReadAsync(job).WaitAsync(cancellationToken);
        return replay.Corruption is { } corruption ? throw new JobQuarantinedException(job, corruption) : replay.Job;
    }

    /// <summary>
    /// The submission names a job that is there already. What was asked for the first time is a claim beside the key's, so that it is
    /// known for as long as the key, whatever becomes of the job.
    /// </summary>
    private async Task<SubmitResult> KnownAsync(NewJob job, JobId holder, string? heldBy, CancellationToken cancellationToken)
    {
        var other = job is { IdempotencyKey: { } key, RequestHash: { } hash }
            && await store.Journal.FindClaimAsync(job.Tenant, ClaimKinds.Idempotency, key, cancellationToken) == holder
            && await store.Journal.FindClaimAsync(job.Tenant, ClaimKinds.Request, RequestKey(hash, key), cancellationToken) is null;
        return new SubmitResult(holder, Created: false) { OtherRequest = other, HeldBy = heldBy };
    }

    private static string RequestKey(string hash, string key) => $"{hash} {key}";

    private List<Claim> ClaimsOf(NewJob job)
    {
        var claims = new List<Claim>(5);
        if (job.IdempotencyKey is { } key)
        {
            claims.Add(new Claim(ClaimKinds.Idempotency, key, Permanent: true));
            if (job.RequestHash is { } hash)
            {
                claims.Add(new Claim(ClaimKinds.Request, RequestKey(hash, key), Permanent: true));
            }
        }

        if (job.Link?.Branch is { } branch)
        {
            claims.Add(new Claim(ClaimKinds.Head, ClaimKinds.HeadOf(job.Repository, branch), Permanent: false));
        }

        if (job.Exclusive is { } exclusive)
        {
            claims.Add(new Claim(ClaimKinds.Exclusive, exclusive, Permanent: false));
        }

        if (options.AllowsOneJobPerBranch(job.Repository))
        {
            // No branch has a blank in its name: two different pairs give two different keys.
            claims.Add(new Claim(ClaimKinds.Branch, $"{job.BaseBranch} {job.Repository}", Permanent: false));
        }

        return claims;
    }

    /// <summary>Round robin over the shards of this node, or of other living nodes where it has none.</summary>
    private int NextShard()
    {
        var shards = ledger.Owned();
        shards = shards.Count > 0 ? shards : shardsOfOthers();
        return shards.Count > 0
            ? shards[(int)((uint)Interlocked.Increment(ref _nextShard) % shards.Count)]
            : throw new JournalException("No living node drives jobs at the moment", isTransient: true);
    }
}
