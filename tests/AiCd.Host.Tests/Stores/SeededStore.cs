using System.Globalization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Host.StoreCare.Copying;

namespace AiCd.Host.Tests.Stores;

/// <summary>Fills a store with jobs as nodes would have left them: most have ended, every tenth stands in CODING and is owed.</summary>
internal static class SeededStore
{
    public const int EventsOfEnded = 10;

    private const int JobsPerBatch = 500;
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public static async Task<IReadOnlyList<JobId>> FillAsync(IStore store, int jobs, CancellationToken cancellationToken)
    {
        var entries = Enumerable.Range(0, jobs).Select(number => Entry(number, JobId.Create(At.AddMilliseconds(number), number % store.ShardCount, (uint)number))).ToList();
        await AppendAsync(store, entries, cancellationToken);
        await store.PoolSettings.WriteAsync(new PoolSetting(Stage.Coding, 7, 2.5, Paused: true), cancellationToken);
        await store.Inbox.PostAsync(new InboxCommand(Guid.Parse("0190a0b0-0000-7000-8000-000000000001"), entries[0].Job, "default", "{}"u8.ToArray()), cancellationToken);
        await ReadModelRebuild.RunAsync(store, cancellationToken);
        return [.. entries.Select(entry => entry.Job)];
    }

    /// <summary>A job whose plan waits for a person.</summary>
    public static async Task<(JobId Job, string Plan)> ProposeAsync(IStore store, CancellationToken cancellationToken)
    {
        var id = JobId.Create(At, 3, 77);
        var plan = NewArtifact.Text(ArtifactKinds.Plan, """{"summary":"A plan","steps":["one"],"files":[],"risks":[],"testStrategy":"none"}""", "application/json");
        await AppendAsync(store, [Entry(id, [Submitted(id, "Waits"), new JobEvent.StartPlanning("a1", "gone"), new JobEvent.PlanProposed("a1", "A plan", [plan.Ref])]) with { Activity = Activity.Begins }], cancellationToken);
        return (id, plan.Ref.Sha256);
    }

    private static async Task AppendAsync(IStore store, IReadOnlyList<AppendEntry> entries, CancellationToken cancellationToken)
    {
        var lease = await store.Nodes.JoinAsync("seed", takesShards: true, TimeSpan.FromMinutes(5), cancellationToken);
        var owned = (await store.Nodes.AcquireAsync(lease.Incarnation, [.. Enumerable.Range(0, store.ShardCount)], cancellationToken)).ToDictionary(shard => shard.Shard);
        foreach (var chunk in entries.Chunk(JobsPerBatch))
        {
            var (fences, placed) = (new List<ShardFence>(), new List<AppendEntry>());
            foreach (var group in chunk.GroupBy(entry => entry.Job.Shard).OrderBy(group => group.Key))
            {
                var shard = owned[group.Key];
                var next = shard.Head + 1;
                foreach (var entry in group)
                {
                    placed.Add(entry with { FirstShardSeq = next });
                    next += entry.Events.Count;
                }

                fences.Add(new ShardFence(shard.Shard, shard.Epoch, shard.Head, (int)(next - 1 - shard.Head)));
                owned[group.Key] = shard with { Head = next - 1 };
            }

            (await store.Journal.AppendAsync(new AppendBatch(lease.Incarnation, fences, placed), cancellationToken)).ShouldBeOfType<AppendResult.Committed>();
        }

        await store.Nodes.LeaveAsync(lease.Incarnation, cancellationToken);
    }

    private static AppendEntry Entry(int number, JobId id)
    {
        var plan = NewArtifact.Text(ArtifactKinds.Plan, $"Plan {number}: {new string('x', NewArtifact.MaxInlineBytes)}", "text/markdown");
        var events = new List<JobEvent>
        {
            Submitted(id, string.Create(CultureInfo.InvariantCulture, $"Job {number}: ü 漢字")),
            new JobEvent.StartPlanning("a1", "gone"),
            new JobEvent.PlanSucceeded("a1", "A plan", [plan.Ref]),
            new JobEvent.StartCoding("a2", "gone"),
        };
        var ends = number % 10 != 9;
        if (ends)
        {
            var change = new CommittedChange("c0", "t0", "b0", "Change", 1, 2, 3);
            events.AddRange(
            [
                new JobEvent.CodeSucceeded("a2", "Done", change, []),
                new JobEvent.StartReviewing("a3", "gone"),
                new JobEvent.ReviewApproved("a3", "t0", "Fine", []),
                new JobEvent.AttemptStarted(Stage.PrOpen, "a4", "gone"),
                new JobEvent.PrOpened("a4", new PullRequestRef(number + 1, $"https://example.com/{number}", $"aicd/{id}", "c0")),
                new JobEvent.MarkCompleted(),
            ]);
        }

        return Entry(id, events) with
        {
            Activity = ends ? Activity.Unchanged : Activity.Begins,
            Claims = ends ? [new Claim("idempotency", $"key-{number}", Permanent: true)] : [new Claim("exclusive", $"issue-{number}", Permanent: false)],
            Artifacts = [plan.Content!],
            References = [plan.Ref.Sha256],
        };
    }

    private static AppendEntry Entry(JobId id, IReadOnlyList<JobEvent> events) => new(
        id, "default", 1, 0, [.. events.Select((e, i) => new EventData(JobEventCodec.NameOf(e), JobEventCodec.Encode(e), At.AddSeconds(i)))]);

    private static JobEvent.Submitted Submitted(JobId id, string title) => new(
        new Submission("default", "/srv/app", "main", $"aicd/{id}", title, NewArtifact.Text(ArtifactKinds.Issue, title, "text/markdown").Ref, "mock"));
}
