using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Runtime.Writing;
using AiCd.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Actors.Tests.Runtime.Support;

/// <summary>A writer over a store in memory, with a journal between them that does what the test says.</summary>
internal sealed class WriterHarness : IAsyncDisposable
{
    private readonly InMemoryStore _store = new(shardCount: 4);
    private readonly List<CommittedBatch> _committed = [];
    private readonly List<int> _lost = [];
    private JournalWriter? _writer;
    private int _jobs;

    public WriterHarness() => Journal = new ScriptedJournal(_store.Journal);

    public ManualTimeProvider Time { get; } = new();

    public ScriptedJournal Journal { get; }

    public ShardLedger Ledger { get; } = new(4);

    public JournalWriter Writer => _writer ?? throw new InvalidOperationException("Not started");

    public IReadOnlyList<CommittedBatch> Committed => _committed;

    public IReadOnlyList<int> Lost => _lost;

    public static async Task<WriterHarness> StartAsync()
    {
        var harness = new WriterHarness();
        await harness.TakeAsync("writer");
        return harness;
    }

    /// <summary>Somebody else joins and owns every shard from now on.</summary>
    public async Task<IReadOnlyList<OwnedShard>> UsurpAsync()
    {
        var lease = await _store.Nodes.JoinAsync("usurper", TimeSpan.FromHours(1), CancellationToken.None);
        return await _store.Nodes.AcquireAsync(lease.Incarnation, [0, 1, 2, 3], CancellationToken.None);
    }

    /// <summary>Hands in the first event of a new job.</summary>
    public (PendingAppend Append, Task Done) Submit(int shard = 0, IReadOnlyList<Claim>? claims = null) => Hand(NewJob(shard), claims);

    public (PendingAppend Append, Task Done) Hand(Job job, IReadOnlyList<Claim>? claims = null)
    {
        var e = new JobEvent.Submitted(job.Submission) { At = job.SubmittedAt };
        var append = new PendingAppend(job, 1, [new EventData(JobEventCodec.NameOf(e), JobEventCodec.Encode(e), e.At)])
        {
            Activity = Activity.Begins,
            Claims = claims ?? [],
        };
        return (append, Writer.AppendAsync(append).WaitAsync(Patience.Limit));
    }

    public Job NewJob(int shard)
    {
        var number = Interlocked.Increment(ref _jobs);
        var submission = new Submission("t", "repo", "main", "branch", "title", new ArtifactRef(ArtifactKinds.Issue, "", 0, "text/plain", ""), "mock");
        return JobEvolver.Evolve(Waiting.Id(number, shard), null, new JobEvent.Submitted(submission) { At = Time.GetUtcNow() });
    }

    /// <returns>How many events each shard has.</returns>
    public async Task<IReadOnlyList<int>> HeadsAsync()
    {
        var heads = new int[4];
        for (var shard = 0; shard < heads.Length; shard++)
        {
            heads[shard] = await _store.Journal.ReadShardAsync(shard, 0, int.MaxValue, CancellationToken.None).CountAsync();
        }

        return heads;
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        await _store.DisposeAsync();
    }

    private async Task TakeAsync(string name)
    {
        var lease = await _store.Nodes.JoinAsync(name, TimeSpan.FromHours(1), CancellationToken.None);
        Ledger.Take(await _store.Nodes.AcquireAsync(lease.Incarnation, [0, 1, 2, 3], CancellationToken.None));
        _writer = new JournalWriter(
            Journal, Ledger, lease.Incarnation, _committed.Add, shards => _lost.AddRange(shards), Time, NullLogger.Instance);
    }
}
