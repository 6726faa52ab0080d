using System.ComponentModel;
using System.Globalization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Web.Jobs;
using AiCd.Web.Problems;
using AiCd.Web.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace AiCd.Web.Streams;

/// <summary>What answers the routes of streams: first what the reader missed, from the journal, and then what comes, without gap or double.</summary>
internal static class StreamHandlers
{
    private const int PageSize = 500;

    /// <summary>Streams a job's events, and what its running attempt says.</summary>
    /// <remarks>
    /// Server-sent events. The id of an `event` is its `seq`; with `Last-Event-ID` the stream goes on after it, on any node. `progress` and
    /// `transcript` are what the running attempt says, and are not made up for. After the job's end an `end` follows, and the stream closes;
    /// whoever has all of it gets 204. A reader that falls far behind is cut off and can resume.
    /// </remarks>
    internal static async Task OfJob(
        string id,
        [FromHeader(Name = "Last-Event-ID"), Description("The number of the last event that was received.")] string? lastEventId,
        [FromQuery(Name = "lastEventId"), Description("The same, for readers that cannot set headers.")] string? lastEventIdQuery,
        TenantScope scope,
        JobHistory history,
        JournalTail tail,
        StreamSlots slots,
        StreamPump pump,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var job = await scope.GetAsync(id, cancellationToken);
        var last = SeqOf(lastEventId ?? lastEventIdQuery, job);
        if (job.State.IsTerminal() && last >= job.Seq)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        using var slot = slots.Take(scope.Caller);
        using var subscription = await tail.SubscribeAsync(scope.Tenant, job.Id, cancellationToken);
        var writer = new SseWriter(context);
        await writer.BeginAsync(cancellationToken);
        var ended = false;
        await foreach (var details in MissedAsync(scope, history, job.Id, last, cancellationToken))
        {
            writer.Event("event", details.Seq, TailJobs.Encode(job.Id, details));
            last = details.Seq;
            ended = details.State.IsTerminal();
            if (last % PageSize == 0)
            {
                await writer.FlushAsync(cancellationToken);
            }
        }

        if (ended)
        {
            writer.Event("end", (string?)null, "{}"u8);
            await writer.FlushAsync(cancellationToken);
            return;
        }

        await pump.RunAsync(context, scope.Caller, subscription, writer, message =>
        {
            switch (message)
            {
                case StreamEvent { Row.Seq: var seq } e when seq > last:
                    writer.Event("event", seq, e.Data);
                    last = seq;
                    if (e.EndsJob)
                    {
                        writer.Event("end", (string?)null, "{}"u8);
                        return false;
                    }

                    break;
                case StreamNote note:
                    writer.Event(note.Name, (string?)null, note.Data);
                    break;
            }

            return true;
        });
    }

    /// <summary>Streams the events of all jobs of the tenant.</summary>
    /// <remarks>
    /// Server-sent events. It begins now, with a `hello` whose id can be resumed from; with `Last-Event-ID` it goes on after the event of that
    /// id, on any node, without gap or double. Events of one job come in order; those of different jobs may change places.
    /// </remarks>
    internal static async Task OfTenant(
        [FromHeader(Name = "Last-Event-ID"), Description("The id of the last event that was received.")] string? lastEventId,
        [FromQuery(Name = "lastEventId"), Description("The same, for readers that cannot set headers.")] string? lastEventIdQuery,
        TenantScope scope,
        JournalTail tail,
        PositionTokens tokens,
        IStore store,
        StreamSlots slots,
        StreamPump pump,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var given = (lastEventId ?? lastEventIdQuery) is { Length: > 0 } token ? tokens.Read(token, store.ShardCount) : null;
        using var slot = slots.Take(scope.Caller);
        using var subscription = await tail.SubscribeAsync(scope.Tenant, job: null, cancellationToken);
        var writer = new SseWriter(context);
        await writer.BeginAsync(cancellationToken);
        var place = new StreamPlace(given ?? subscription.Start, subscription.Start);
        if (given is null)
        {
            writer.Event("hello", tokens.Create(place.Positions), "{}"u8);
        }

        var missed = new MissedEvents(store, scope.Tenant);
        while (place.IsBehind)
        {
            foreach (var (row, data) in await missed.ReadAsync(place, PageSize, cancellationToken))
            {
                place.Pass(row);
                if (data is not null)
                {
                    writer.Event("event", tokens.Create(place.Positions), data);
                }
            }

            await writer.FlushAsync(cancellationToken);
        }

        await pump.RunAsync(context, scope.Caller, subscription, writer, message =>
        {
            if (message is StreamEvent e && place.TryPass(e))
            {
                writer.Event("event", place.IsAhead ? tokens.Create(place.Positions) : e.Token, e.Data);
            }

            return true;
        });
    }

    private static int SeqOf(string? lastEventId, Job job) => lastEventId switch
    {
        null or "" => 0,
        _ when int.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && seq <= job.Seq => seq,
        _ => throw new ProblemException(ProblemType.InvalidCursor, "The id is not one of this stream", "Last-Event-ID", $"the number of an event, up to {job.Seq}"),
    };

    /// <summary>The history as it is now, which may be longer than when the job was looked up.</summary>
    private static async IAsyncEnumerable<EventDetails> MissedAsync(
        TenantScope scope, JobHistory history, JobId id, int after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var job = await scope.GetAsync(id.Value, cancellationToken);
        for (int? from = after; from is { } seq;)
        {
            var page = await history.EventsAsync(job, seq, PageSize, cancellationToken);
            foreach (var details in page.Items)
            {
                yield return details;
            }

            from = page.Next;
        }
    }
}
