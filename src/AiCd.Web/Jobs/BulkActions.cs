using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Problems;
using AiCd.Web.Tenants;
using Microsoft.AspNetCore.DataProtection;

namespace AiCd.Web.Jobs;

/// <summary>Does one thing to all jobs that match. What is done was counted and confirmed before, for the same filter, by the same tenant.</summary>
public sealed class BulkActions(TenantScope scope, TenantRules rules, JobActions actions, IDataProtectionProvider protection, TimeProvider time)
{
    private const int MaxCounted = 100_000;
    private const int AtOnce = 16;

    private const string Retry = "retry";

    private readonly BulkConfirmations _confirmations = new(protection, scope.Tenant);

    internal int MaxPerCall { get; init; } = 1_000;

    public async Task<BulkResult> RunAsync(BulkRequest request, CancellationToken cancellationToken)
    {
        var filter = NarrowedTo(request.Action, JobFilters.Of(request.Filter));
        if (request.Confirm is null)
        {
            return await CountAsync(request, filter, BeginningOf(request.Action), cancellationToken);
        }

        var place = _confirmations.Read(request);
        return await ApplyAsync(request, place.Narrow(filter), place, cancellationToken);
    }

    private async Task<BulkResult> CountAsync(BulkRequest request, JobFilter filter, BulkPlace beginning, CancellationToken cancellationToken)
    {
        var narrowed = beginning.Narrow(filter);
        var matched = await scope.CountAsync(narrowed, MaxCounted, cancellationToken);
        var sample = await scope.ListAsync(new JobListQuery(narrowed, JobSort.Newest, null, 20), cancellationToken);
        return new BulkResult(matched, false, _confirmations.Create(request, beginning), 0, 0, 0, matched, [.. sample.Select(job => job.Id.Value)]);
    }

    private async Task<BulkResult> ApplyAsync(BulkRequest request, JobFilter filter, BulkPlace place, CancellationToken cancellationToken)
    {
        var matched = await scope.CountAsync(filter, MaxCounted, cancellationToken);
        var after = place.After is { } last ? new JobPlace(last) : null;
        var found = await scope.ListAsync(new JobListQuery(filter, JobSort.Oldest, after, MaxPerCall + 1), cancellationToken);
        var jobs = found.Take(MaxPerCall).ToList();
        var outcomes = new Outcome[jobs.Count];
        var exhausted = new ExhaustedQuota();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = await AtOnceAsync(request.Action, cancellationToken), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, jobs.Count), parallel, async (i, token) =>
            outcomes[i] = exhausted.Message is null ? await OneAsync(request, jobs[i].Id, exhausted, token) : Outcome.Left);

        var passed = outcomes.TakeWhile(outcome => outcome != Outcome.Left).Count();
        var done = outcomes.Count(outcome => outcome != Outcome.Left);

        // Counted, but for whether there are any: that is what was found.
        var remaining = passed < found.Count ? Math.Max(1, matched - place.Passed - done) : 0;
        return new BulkResult(
            matched,
            true,
            remaining > 0 ? _confirmations.Create(request, Next(request.Action, place, passed, jobs)) : null,
            outcomes.Count(outcome => outcome == Outcome.Applied),
            outcomes.Count(outcome => outcome == Outcome.Refused),
            outcomes.Count(outcome => outcome == Outcome.Pending),
            remaining,
            [.. jobs.Where((_, i) => outcomes[i] != Outcome.Left).Select(job => job.Id.Value)],
            exhausted.Message);
    }

    /// <summary>Where each job that is made uses up what the next one needs, one is made after the other.</summary>
    private async Task<int> AtOnceAsync(string action, CancellationToken cancellationToken) =>
        action == Retry && await rules.CountsJobsAsync(scope.Tenant, cancellationToken) ? 1 : AtOnce;

    /// <summary>A retry that fails matches, too: it is not one of those that were counted, and retrying them all has an end.</summary>
    private BulkPlace BeginningOf(string action) => new(
        action == Retry ? DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()) : null, 0, null);

    /// <summary>A job that was cancelled does not match any more; one that was retried stays what it is, and is not retried again.</summary>
    private static BulkPlace Next(string action, BulkPlace place, int passed, List<JobView> jobs) =>
        action == Retry && passed > 0 ? place with { Passed = place.Passed + passed, After = jobs[passed - 1].Id } : place;

    private async Task<Outcome> OneAsync(BulkRequest request, JobId id, ExhaustedQuota exhausted, CancellationToken cancellationToken)
    {
        try
        {
            if (await scope.FindAsync(id, cancellationToken) is not { } job)
            {
                return Outcome.Refused;
            }

            var settled = request.Action == Retry
                ? (await actions.RetryAsync(job, null, cancellationToken)).Settled
                : await actions.CancelAsync(job, request.Reason, null, cancellationToken) is not null;
            return settled ? Outcome.Applied : Outcome.Pending;
        }
        catch (ProblemException refused) when (refused.Problem.Status is 404 or 409 or 422)
        {
            return Outcome.Refused;
        }
        catch (ProblemException used) when (used.Problem.Status is 429)
        {
            exhausted.Message = used.Message;
            return Outcome.Left;
        }
    }

    /// <summary>Only what the action can do something about is counted.</summary>
    private static JobFilter NarrowedTo(string action, JobFilter filter)
    {
        IEnumerable<JobState> possible = action switch
        {
            "cancel" => Enum.GetValues<JobState>().Where(state => !state.IsTerminal()),
            Retry => [JobState.Failed, JobState.Cancelled],
            _ => throw ProblemException.Field("action", "cancel or retry", action),
        };
        var states = filter.States is { Count: > 0 } wanted ? wanted.Intersect(possible).ToList() : possible.ToList();
        return states.Count > 0
            ? filter with { States = states }
            : throw ProblemException.Field("filter.state", $"a state in which a job can be {(action == "cancel" ? "cancelled" : "retried")}", string.Join(", ", filter.States!.Select(WireNames.Of)));
    }

    private enum Outcome
    {
        /// <summary>Not done, because a quota is used up.</summary>
        Left,

        Applied,

        /// <summary>The job has moved on meanwhile, or the tenant may not have it retried any more.</summary>
        Refused,

        /// <summary>Durable, and not settled yet.</summary>
        Pending,
    }

    /// <summary>Set by whichever comes upon it first, or last: they say the same.</summary>
    private sealed class ExhaustedQuota
    {
        private volatile string? _message;

        public string? Message
        {
            get => _message;
            set => _message = value;
        }
    }
}
