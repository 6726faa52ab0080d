using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Projections;
using AiCd.Actors.Retention;
using AiCd.Actors.Tests.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Actors.Tests.Retention;

public sealed class RetentionPassTests
{
    private static readonly DateTimeOffset Start = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly RetentionOptions _options = new() { BatchSize = 2 };

    [Fact]
    public async Task Artifacts_go_a_day_after_completion_and_their_grace()
    {
        var scene = await Scene.CreateAsync(Start, _options);
        for (var i = 0; i < 5; i++)
        {
            await scene.EndAsync(shard: 1, $"a{i}");
        }

        await scene.PassAsync(TimeSpan.FromHours(23));
        (await scene.HasAsync("a0")).ShouldBeTrue();

        await scene.PassAsync(TimeSpan.FromHours(2));
        for (var i = 0; i < 5; i++)
        {
            (await scene.HasAsync($"a{i}")).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_node_without_the_first_shard_lets_go_and_leaves_collection_to_its_owner()
    {
        var scene = await Scene.CreateAsync(Start, _options);
        await scene.EndAsync(shard: 1, "aa");

        await scene.PassAsync(TimeSpan.FromDays(2), 1);
        (await scene.HasAsync("aa")).ShouldBeTrue();

        await scene.PassAsync(TimeSpan.Zero, 0);
        (await scene.HasAsync("aa")).ShouldBeFalse();
    }

    [Fact]
    public async Task Histories_stay_unless_they_are_to_go()
    {
        var scene = await Scene.CreateAsync(Start, _options);
        var job = await scene.EndAsync(shard: 1, "aa");

        await scene.PassAsync(TimeSpan.FromDays(3_000));

        (await scene.HistoryAsync(job)).ShouldBe(2);
    }

    [Fact]
    public async Task Histories_go_in_batches_past_those_that_stay()
    {
        _options.Histories = TimeSpan.FromDays(30);
        var scene = await Scene.CreateAsync(Start, _options);
        var active = await scene.BeginAsync(shard: 1);
        var old = new List<JobId>();
        for (var i = 0; i < 25; i++)
        {
            old.Add(await scene.EndAsync(shard: 1, $"a{i}"));
        }

        scene.Time.Advance(TimeSpan.FromDays(20));
        var young = await scene.EndAsync(shard: 1, "young");

        await scene.PassAsync(TimeSpan.FromDays(11));

        foreach (var job in old)
        {
            (await scene.HistoryAsync(job)).ShouldBe(0);
        }

        (await scene.HistoryAsync(active)).ShouldBe(1);
        (await scene.HistoryAsync(young)).ShouldBe(2);
    }

    private sealed class Scene(InMemoryStore store, ShardWriter writer, SkippingTime time, RetentionPass pass)
    {
        public SkippingTime Time { get; } = time;

        public static async Task<Scene> CreateAsync(DateTimeOffset start, RetentionOptions options)
        {
            var time = new SkippingTime(start);
            var store = new InMemoryStore(time: time);
            return new Scene(store, await ShardWriter.JoinAsync(store, 0, 1), time, new RetentionPass(store, options, time, NullLogger<RetentionPass>.Instance));
        }

        public async Task<JobId> BeginAsync(int shard)
        {
            var job = JobId.Create(Time.GetUtcNow(), shard, (uint)Random.Shared.Next());
            await writer.CommitAsync(new AppendEntry(job, "default", 1, 0, [Data(Submitted(job))]) { Activity = Activity.Begins });
            return job;
        }

        /// <summary>A job that was cancelled, which counts as failed where the clock is concerned; shown as completed.</summary>
        public async Task<JobId> EndAsync(int shard, string sha256)
        {
            var job = await BeginAsync(shard);
            var from = writer[shard].Head;
            await writer.CommitAsync(new AppendEntry(job, "default", 2, 0, [Data(new JobEvent.MarkCancelled("enough") { At = Time.GetUtcNow() })])
            {
                Activity = Activity.Ends,
                Artifacts = [new ArtifactContent(sha256, new byte[] { 1 })],
                References = [sha256],
            });
            var view = new JobView(
                job, "default", JobState.Completed, 2, "title", "repository", "main", "branch", "mock", 0, 0, 1, null, null, null, null, Time.GetUtcNow(), Time.GetUtcNow());
            var cursors = await store.Jobs.ReadCursorsAsync([shard], Token);
            await store.Jobs.ProjectAsync([new ShardProjection(shard, cursors[shard], from + 1, [view])], Token);
            return job;
        }

        public async Task PassAsync(TimeSpan later, params int[] shards)
        {
            Time.Advance(later);
            await pass.RunAsync(shards.Length == 0 ? [0, 1] : shards, Token);
        }

        public async Task<bool> HasAsync(string sha256) => await store.Artifacts.FindAsync("default", sha256, Token) is not null;

        public async Task<int> HistoryAsync(JobId job) => await store.Journal.ReadJobsAsync([job], Token).CountAsync(Token);

        private JobEvent.Submitted Submitted(JobId job) => new(new Submission(
            "default", "repository", "main", "branch", "title", new ArtifactRef(ArtifactKinds.Issue, "00", 1, "text/markdown", "x"), "mock", 0))
        { At = Time.GetUtcNow() };

        private static EventData Data(JobEvent e) => new(JobEventCodec.NameOf(e), JobEventCodec.Encode(e), e.At);
    }

    /// <summary>The real clock with days that were skipped; timers run as they do.</summary>
    private sealed class SkippingTime(DateTimeOffset start) : TimeProvider
    {
        private TimeSpan _skipped = TimeSpan.Zero;

        public void Advance(TimeSpan by) => _skipped += by;

        public override DateTimeOffset GetUtcNow() => start + _skipped;
    }
}
