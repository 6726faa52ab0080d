using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Json;
using AiCd.Web.Problems;
using AiCd.Web.Tenants;
using Microsoft.AspNetCore.DataProtection;

namespace AiCd.Web.Jobs;

/// <summary>Does one thing to all jobs that match. What is done was counted and confirmed before, for the same filter, by the same tenant.</summary>
public sealed class BulkActions(TenantScope scope, JobActions actions, IDataProtectionProvider protection)
{
    private const int MaxCounted = 100_000;
    private const int MaxPerCall = 1_000;
    private const int AtOnce = 16;

    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromMinutes(10);

    public async Task<BulkResult> RunAsync(BulkRequest request, CancellationToken cancellationToken)
    {
        var filter = NarrowedTo(request.Action, JobFilters.Of(request.Filter));
        var matched = await scope.CountAsync(filter, MaxCounted, cancellationToken);
        if (request.Confirm is null)
        {
            var sample = await scope.ListAsync(new JobListQuery(filter, JobSort.Newest, null, 20), cancellationToken);
            return new BulkResult(matched, false, TokenFor(request), 0, 0, 0, matched, [.. sample.Select(job => job.Id.Value)]);
        }

        ThrowIfNotConfirmed(request);
        return await ApplyAsync(request, filter, matched, cancellationToken);
    }

    private async Task<BulkResult> ApplyAsync(BulkRequest request, JobFilter filter, long matched, CancellationToken cancellationToken)
    {
        var jobs = await scope.ListAsync(new JobListQuery(filter, JobSort.Oldest, null, MaxPerCall), cancellationToken);
        var (applied, refused, pending) = (0, 0, 0);
        await Parallel.ForEachAsync(jobs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (view, token) =>
        {
            switch (await OneAsync(request, view.Id, token))
            {
                case true:
                    Interlocked.Increment(ref applied);
                    break;
                case false:
                    Interlocked.Increment(ref refused);
                    break;
                case null:
                    Interlocked.Increment(ref pending);
                    break;
            }
        });
        return new BulkResult(matched, true, null, applied, refused, pending, Math.Max(0, matched - jobs.Count), [.. jobs.Select(job => job.Id.Value)]);
    }

    /// <returns>Null where it is not settled yet; false where the job has moved on meanwhile.</returns>
    private async Task<bool?> OneAsync(BulkRequest request, JobId id, CancellationToken cancellationToken)
    {
        try
        {
            if (await scope.FindAsync(id, cancellationToken) is not { } job)
            {
                return false;
            }

            return request.Action == "cancel"
                ? await actions.CancelAsync(job, request.Reason, null, cancellationToken) is not null ? true : null
                : (await actions.RetryAsync(job, null, cancellationToken)).Settled ? true : null;
        }
        catch (ProblemException refused) when (refused.Problem.Status is 404 or 409)
        {
            return false;
        }
    }

    /// <summary>Only what the action can do something about is counted.</summary>
    private static JobFilter NarrowedTo(string action, JobFilter filter)
    {
        IEnumerable<JobState> possible = action switch
        {
            "cancel" => Enum.GetValues<JobState>().Where(state => !state.IsTerminal()),
            "retry" => [JobState.Failed, JobState.Cancelled],
            _ => throw ProblemException.Field("action", "cancel or retry", action),
        };
        var states = filter.States is { Count: > 0 } wanted ? wanted.Intersect(possible).ToList() : possible.ToList();
        return states.Count > 0
            ? filter with { States = states }
            : throw ProblemException.Field("filter.state", $"a state in which a job can be {(action == "cancel" ? "cancelled" : "retried")}", string.Join(", ", filter.States!.Select(WireNames.Of)));
    }

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("AiCd.Web.Bulk", scope.Tenant).ToTimeLimitedDataProtector();

    private string TokenFor(BulkRequest request) => Base64Url.EncodeToString(Protector.Protect(Encoding.UTF8.GetBytes(HashOf(request)), ConfirmWithin));

    private void ThrowIfNotConfirmed(BulkRequest request)
    {
        try
        {
            if (Encoding.UTF8.GetString(Protector.Unprotect(Base64Url.DecodeFromChars(request.Confirm))) == HashOf(request))
            {
                return;
            }
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            // As wrong as the confirmation of something else.
        }

        throw ProblemException.Field("confirm", "the token of a preview of the same action and filter, not older than 10 minutes", "another one");
    }

    private static string HashOf(BulkRequest request) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request with { Confirm = null, Reason = null }, WebJson.Options)));
}
