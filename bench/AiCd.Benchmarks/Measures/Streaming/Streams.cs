using System.Diagnostics;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Benchmarks.Measures.Streaming;

/// <summary>
/// Delivery to readers of streams on one node under a steady load. Server, readers and database share the machine; a delay counts from the
/// time that the event bears, so the commit is part of it.
/// </summary>
internal static class Streams
{
    private const double TargetMilliseconds = 250;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<StreamsResult> RunAsync(IStore store, StreamsOrder order, CancellationToken cancellationToken)
    {
        await using var node = await WebNode.StartAsync(store, cancellationToken);
        var jobs = await SubmitAsync(node, order.Readers, cancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var from = new Box(DateTimeOffset.MaxValue);
        var ofJobs = jobs.Select(_ => new EventReader()).ToList();
        var common = Enumerable.Range(0, order.Common).Select(_ => new EventReader()).ToList();
        var running = new List<Task>();
        var opening = Stopwatch.StartNew();
        foreach (var (reader, path) in ofJobs.Zip(jobs, (reader, job) => (reader, $"/api/v1/jobs/{job}/stream")).Concat(common.Select(reader => (reader, "/api/v1/stream"))))
        {
            var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            running.Add(reader.RunAsync(node.Client, path, opened, () => from.Value, end.Token));
            await opened.Task;
        }

        var openedAfter = opening.Elapsed;
        await SteadyLoad.RunAsync(node.Gateway, jobs, order.EventsPerSecond, WarmUp, cancellationToken);
        from.Value = TimeProvider.System.GetUtcNow();
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var events = await SteadyLoad.RunAsync(node.Gateway, jobs, order.EventsPerSecond, order.Duration, cancellationToken);
        var elapsed = clock.Elapsed;
        process.Refresh();
        var used = process.TotalProcessorTime - cpu;
        var complete = await AllReceivedAsync(ofJobs, common, running, cancellationToken);
        await end.CancelAsync();
        await Task.WhenAll(running);
        return new StreamsResult(
            order.Readers,
            order.Common,
            events / elapsed.TotalSeconds,
            (events + ((double)events * order.Common)) / elapsed.TotalSeconds,
            openedAfter.TotalSeconds,
            Delivery.Of(ofJobs),
            Delivery.Of(common),
            used.TotalSeconds / elapsed.TotalSeconds,
            process.PeakWorkingSet64 / 1024d / 1024d,
            complete,
            TargetMilliseconds);
    }

    private static async Task<IReadOnlyList<JobId>> SubmitAsync(WebNode node, int count, CancellationToken cancellationToken)
    {
        var jobs = new List<JobId>();
        for (var i = 0; i < count; i++)
        {
            jobs.Add((await node.Gateway.SubmitAsync(BenchmarkJobs.Job(i), cancellationToken)).Job);
        }

        return jobs;
    }

    /// <returns>True when every reader has every event that is its.</returns>
    private static async Task<bool> AllReceivedAsync(List<EventReader> ofJobs, List<EventReader> common, List<Task> running, CancellationToken cancellationToken)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience;)
        {
            if (running.FirstOrDefault(reader => reader.IsFaulted) is { } failed)
            {
                await failed;
            }

            var all = ofJobs.Sum(reader => reader.Received);
            if (common.All(reader => reader.Received == all) && clock.Elapsed > TimeSpan.FromSeconds(2))
            {
                return true;
            }

            await Task.Delay(50, cancellationToken);
        }

        return false;
    }

    private sealed class Box(DateTimeOffset value)
    {
        private long _ticks = value.UtcTicks;

        public DateTimeOffset Value
        {
            get => new(Volatile.Read(ref _ticks), TimeSpan.Zero);
            set => Volatile.Write(ref _ticks, value.UtcTicks);
        }
    }
}

internal sealed record StreamsOrder(int Readers, int Common, int EventsPerSecond, TimeSpan Duration);

internal sealed record Delivery(int Events, double P50Ms, double P99Ms, double MaxMs)
{
    public static Delivery Of(IEnumerable<EventReader> readers)
    {
        var delays = readers.SelectMany(reader => reader.Delays).Order().ToList();
        return delays.Count == 0 ? new Delivery(0, 0, 0, 0) : new Delivery(delays.Count, Percentiles.At(delays, 0.5), Percentiles.At(delays, 0.99), delays[^1]);
    }
}

/// <param name="Cores">Processor time of server and readers together, in cores.</param>
/// <param name="Complete">Every reader had every event that is its, once and in order.</param>
internal sealed record StreamsResult(
    int Readers,
    int CommonReaders,
    double EventsPerSecond,
    double DeliveriesPerSecond,
    double OpeningSeconds,
    Delivery OfJobs,
    Delivery Common,
    double Cores,
    double PeakMemoryMb,
    bool Complete,
    double TargetMs) : IJudged
{
    public bool Holds => Complete && OfJobs.P99Ms < TargetMs && Common.P99Ms < TargetMs;
}
