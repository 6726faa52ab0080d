using System.Diagnostics;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Projections;
using Npgsql;

namespace AiCd.Benchmarks.Measures;

/// <summary>
/// The list of jobs with N jobs in the store: its first page, filtered ones, and all pages to the end while jobs arrive, of which none
/// may be missing or doubled.
/// </summary>
internal static class ListPages
{
    private const string Tenant = "default";
    private const int PageSize = 50;
    private const int Questions = 500;
    private const int PerWrite = 2_000;

    private static readonly DateTimeOffset First = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JobState[] States = [JobState.Completed, JobState.Completed, JobState.Completed, JobState.Failed, JobState.Coding, JobState.Queued];

    public static async Task<ListFigures> RunAsync(IStore store, int jobs, CancellationToken cancellationToken)
    {
        var fill = Stopwatch.StartNew();
        await FillAsync(store, 0, jobs, cancellationToken);
        var filled = fill.Elapsed;
        await AnalyzeAsync(store, cancellationToken);
        var results = new List<ListResult>();
        foreach (var (name, filter, sort) in Lists(jobs))
        {
            results.Add(await AskAsync(store, name, filter, sort, cancellationToken));
        }

        results.Add(await WalkAsync(store, jobs, filled, cancellationToken));
        return new ListFigures(jobs, results);
    }

    private static IEnumerable<(string Name, JobFilter Filter, JobSort Sort)> Lists(int jobs) =>
    [
        ("first page", JobFilter.All, JobSort.Newest),
        ("oldest first", JobFilter.All, JobSort.Oldest),
        ("last ended", JobFilter.All, JobSort.LastEnded),
        ("by state", new JobFilter(States: [JobState.Failed]), JobSort.Newest),
        ("by two states", new JobFilter(States: [JobState.Queued, JobState.Coding]), JobSort.Newest),
        ("by repository", new JobFilter(Repository: "https://github.com/acme/repo-7"), JobSort.Newest),
        ("by repository and state", new JobFilter(States: [JobState.Failed], Repository: "https://github.com/acme/repo-7"), JobSort.Newest),
        ("by label", new JobFilter(Label: "area-3"), JobSort.Newest),
        ("by a word of one job", new JobFilter(Words: [$"n{jobs / 2}"]), JobSort.Newest),
        ("by a word of every hundredth job", new JobFilter(Words: ["topic42"]), JobSort.Newest),
        ("by a word of all jobs", new JobFilter(Words: ["parser"]), JobSort.Newest),
        ("by a beginning of many words", new JobFilter(Words: ["n"]), JobSort.Newest),
        ("by a word of one job and state", new JobFilter(States: [JobState.Completed], Words: [$"n{jobs / 2}"]), JobSort.Newest),
        ("by a word of every hundredth job, last ended", new JobFilter(Words: ["topic42"]), JobSort.LastEnded),
        ("by a word of one job, last ended", new JobFilter(Words: [$"n{jobs / 2}"]), JobSort.LastEnded),
        ("by hold", new JobFilter(Hold: "approval"), JobSort.Newest),
        ("by time", new JobFilter(From: First.AddSeconds(jobs / 2), To: First.AddSeconds((jobs / 2) + 1_000)), JobSort.Newest),
    ];

    private static async Task<ListResult> AskAsync(IStore store, string name, JobFilter filter, JobSort sort, CancellationToken cancellationToken)
    {
        var (times, found) = (new List<double>(Questions), 0);
        for (var i = 0; i < Questions + 20; i++)
        {
            var clock = Stopwatch.StartNew();
            found = (await store.Queries.ListAsync(Tenant, new JobListQuery(filter, sort, null, PageSize), cancellationToken)).Count;
            if (i >= 20)
            {
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        times.Sort();
        return new ListResult(name, found, Percentiles.At(times, 0.5), Percentiles.At(times, 0.99), times[^1]);
    }

    private static async Task<ListResult> WalkAsync(IStore store, int jobs, TimeSpan filled, CancellationToken cancellationToken)
    {
        var (times, seen, arrived) = (new List<double>(), new HashSet<JobId>(), jobs);
        for (JobPlace? after = null; ;)
        {
            var clock = Stopwatch.StartNew();
            var page = await store.Queries.ListAsync(Tenant, new JobListQuery(JobFilter.All, JobSort.Newest, after, 200), cancellationToken);
            times.Add(clock.Elapsed.TotalMilliseconds);
            foreach (var job in page)
            {
                if (!seen.Add(job.Id))
                {
                    throw new InvalidOperationException($"Job {job.Id} came twice");
                }
            }

            if (page.Count < 200)
            {
                break;
            }

            after = JobPlace.Of(page[^1], JobSort.Newest);
            if (times.Count % 100 == 0)
            {
                await FillAsync(store, arrived, 200, cancellationToken);
                arrived += 200;
            }
        }

        if (seen.Count != jobs)
        {
            throw new InvalidOperationException($"{seen.Count} of {jobs} jobs were seen");
        }

        times.Sort();
        return new ListResult(
            $"all {times.Count} pages while {arrived - jobs} jobs arrived (filled at {jobs / filled.TotalSeconds:N0} jobs a second)",
            seen.Count, Percentiles.At(times, 0.5), Percentiles.At(times, 0.99), times[^1]);
    }

    private static async Task FillAsync(IStore store, int from, int count, CancellationToken cancellationToken)
    {
        var shards = Enumerable.Range(0, store.ShardCount).ToArray();
        var cursors = new Dictionary<int, long>(await store.Jobs.ReadCursorsAsync(shards, cancellationToken));
        for (var done = 0; done < count; done += PerWrite)
        {
            var views = Enumerable.Range(from + done, Math.Min(PerWrite, count - done)).Select(number => View(number, store.ShardCount)).ToList();
            var projections = views.GroupBy(view => view.Id.Shard).OrderBy(group => group.Key)
                .Select(group => new ShardProjection(group.Key, cursors[group.Key], cursors[group.Key] + group.Count(), [.. group]))
                .ToList();
            if ((await store.Jobs.ProjectAsync(projections, cancellationToken)).Count > 0)
            {
                throw new InvalidOperationException("Somebody else writes to the store");
            }

            projections.ForEach(projection => cursors[projection.Shard] = projection.To);
        }
    }

    /// <summary>As a node would read them some hours later.</summary>
    private static async Task AnalyzeAsync(IStore store, CancellationToken cancellationToken)
    {
        if (store is PostgresStore postgres)
        {
            await using var connection = await postgres.DataSource.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("vacuum analyze", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static JobView View(int number, int shards)
    {
        var at = First.AddSeconds(number);
        var state = States[number % States.Length];
        return new JobView(
            JobId.Create(at, number % shards, (uint)number), Tenant, state, 12, $"Fix the parser for topic{number % 100} n{number}", $"https://github.com/acme/repo-{number % 1_000}",
            "main", $"aicd/job-{number}", "mock", 0, 0, 1, null, null, state == JobState.Failed ? "agent_failed" : null, null, at, at.AddMinutes(5))
        {
            LabelLines = $"bug\narea-{number % 50}",
            Hold = number % 5_000 == 4 ? "approval" : null,
            EndedAt = state.IsTerminal() ? at.AddMinutes(5) : null,
            Times = new StageTimes(1_000, 20_000, 3_000, 500),
        };
    }
}

internal sealed record ListFigures(int Stored, IReadOnlyList<ListResult> Lists)
{
    public double WorstP99Milliseconds => Lists.Max(list => list.P99Milliseconds);
}

internal sealed record ListResult(string List, int Jobs, double P50Milliseconds, double P99Milliseconds, double MaxMilliseconds);
