using System.ComponentModel;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Web.Access;
using AiCd.Web.Json;
using AiCd.Web.Problems;
using AiCd.Web.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace AiCd.Web.Operations;

/// <summary>The journal of all tenants as a stream.</summary>
internal static class JournalStream
{
    private static readonly TimeSpan KeyCheck = TimeSpan.FromSeconds(2);

    /// <summary>Streams what is recorded of the jobs of all tenants, as it happens.</summary>
    /// <remarks>
    /// Server-sent events. They say what happened and nothing of what was said: for that a key of the job's tenant is needed. It begins now, with
    /// a `hello`; with `Last-Event-ID` it goes on after the event of that id.
    /// </remarks>
    internal static async Task Follow(
        [FromHeader(Name = "Last-Event-ID"), Description("The id of the last event that was received.")] string? lastEventId,
        [FromQuery(Name = "lastEventId"), Description("The same, for readers that cannot set headers.")] string? lastEventIdQuery,
        [Description("Only of this tenant's jobs.")] string? tenant,
        [Description("Only of this job.")] string? job,
        [FromQuery(Name = "event"), Description("Only events of this name.")] string? name,
        [Description("Only events that led to this state.")] string? state,
        JournalWatch watch,
        PositionTokens tokens,
        IStore store,
        WebOptions options,
        StreamSlots slots,
        KeyRing keys,
        Caller caller,
        TimeProvider time,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var filter = FilterOf(tenant, job, name, state);
        var positions = (lastEventId ?? lastEventIdQuery) is { Length: > 0 } token ? tokens.Read(token, store.ShardCount) : await watch.HeadsAsync(cancellationToken);
        using var slot = slots.Take(caller);
        var writer = new SseWriter(context);
        await writer.BeginAsync(cancellationToken);
        writer.Event("hello", tokens.Create(positions), "{}"u8);
        await writer.FlushAsync(cancellationToken);
        var (lastSign, lastCheck) = (time.GetTimestamp(), time.GetTimestamp());
        await foreach (var events in watch.FollowAsync(positions, filter, options.TailPolling, cancellationToken))
        {
            if (time.GetElapsedTime(lastCheck) >= KeyCheck)
            {
                lastCheck = time.GetTimestamp();
                if (await keys.FindByIdAsync(caller.KeyId, cancellationToken) is null)
                {
                    return;
                }
            }

            // Only the last of what was found together has the place of all of it.
            foreach (var (i, e) in events.Index())
            {
                writer.Event("event", i == events.Count - 1 ? tokens.Create(positions) : null, JsonSerializer.SerializeToUtf8Bytes(e, WebJson.Options));
                lastSign = time.GetTimestamp();
            }

            if (time.GetElapsedTime(lastSign) >= options.Heartbeat)
            {
                writer.Heartbeat();
                lastSign = time.GetTimestamp();
            }

            await writer.FlushAsync(cancellationToken);
        }
    }

    private static WatchFilter FilterOf(string? tenant, string? job, string? name, string? state) => new(
        tenant,
        job is null ? null : JobId.TryParse(job, out var id) ? id : throw ProblemException.Field("job", "a job's id", job),
        name is null || JobEventCatalogue.Find(name) is not null ? name : throw ProblemException.Field("event", $"one of {string.Join(", ", JobEventCatalogue.All.Select(type => type.Name))}", name),
        state is null ? null : WireNames.TryParse<JobState>(state, out var known) ? known : throw ProblemException.Field("state", $"one of {string.Join(", ", WireNames.All<JobState>())}", state));
}
