using System.Globalization;
using System.Security.Cryptography;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Checking;

/// <summary>Compares everything in a store with what the journal says, at one moment and without writing anything.</summary>
/// <param name="store">For the read model, whose shape is its engine's business; null where that is not checked.</param>
internal sealed class StoreCheck(ITableSource tables, IStore? store, TimeProvider time)
{
    private readonly List<StoreProblem> _problems = [];
    private long _artifacts;
    private long _unreferenced;

    public async Task<StoreReport> RunAsync(CancellationToken cancellationToken)
    {
        var positions = await ShardPositions.ReadAsync(tables, cancellationToken);
        await CheckShardCountAsync(positions.Count, cancellationToken);
        var journal = new JournalCheck(positions);
        await journal.RunAsync(tables, cancellationToken);
        _problems.AddRange(journal.Problems);
        await CheckActiveAsync(journal.Jobs, cancellationToken);
        await CheckClaimsAsync(journal.Jobs, cancellationToken);
        await CheckArtifactsAsync(journal.Artifacts, cancellationToken);
        if (store is not null)
        {
            _problems.AddRange(await new ViewCheck(store, time).RunAsync(journal.Jobs, cancellationToken));
        }

        return new StoreReport(
            tables.Name, journal.Events, journal.Jobs.Count, journal.Jobs.Values.Count(job => job.IsActive), _artifacts, _unreferenced, positions.Lag, _problems);
    }

    private async Task CheckShardCountAsync(int shards, CancellationToken cancellationToken)
    {
        await foreach (var row in RowsAsync(StoreTables.Meta, cancellationToken))
        {
            if (row.Text("key") == "shard_count" && row.Text("value") != shards.ToString(CultureInfo.InvariantCulture))
            {
                _problems.Add(new StoreProblem("shard_count", $"the store was made with {row.Text("value")} shards and has {shards}"));
            }
        }
    }

    private async Task CheckActiveAsync(IReadOnlyDictionary<JobId, JobStanding> jobs, CancellationToken cancellationToken)
    {
        var active = new HashSet<JobId>();
        await foreach (var row in RowsAsync(StoreTables.ActiveJobs, cancellationToken))
        {
            var id = JobId.Parse(row.Text("job_id"));
            active.Add(id);
            if (jobs.GetValueOrDefault(id) is not { } job)
            {
                _problems.Add(new StoreProblem("active_without_job", $"job {id} is to be recovered, and the journal knows nothing of it", id));
            }
            else if (job is { Readable: true, IsActive: false })
            {
                _problems.Add(new StoreProblem("active_though_ended", $"job {id} is to be recovered, though it has ended and owes nothing", id));
            }
        }

        _problems.AddRange(jobs.Values.Where(job => job is { Readable: true, IsActive: true } && !active.Contains(job.Id)).Select(job =>
            new StoreProblem("not_active", $"job {job.Id} has not ended, and recovery would not bring it back", job.Id)));
    }

    private async Task CheckClaimsAsync(IReadOnlyDictionary<JobId, JobStanding> jobs, CancellationToken cancellationToken)
    {
        await foreach (var row in RowsAsync(StoreTables.Claims, cancellationToken))
        {
            var id = JobId.Parse(row.Text("job_id"));
            var claim = $"{row.Text("kind")} '{row.Text("key")}' of tenant '{row.Text("tenant")}'";
            if (jobs.GetValueOrDefault(id) is not { } job)
            {
                _problems.Add(new StoreProblem("claim_without_job", $"{claim} is held by job {id}, of which the journal knows nothing", id));
            }
            else if (job is { Readable: true, IsActive: false } && !row.Flag("permanent"))
            {
                _problems.Add(new StoreProblem("claim_though_ended", $"{claim} is held by job {id}, which has ended", id));
            }
        }
    }

    private async Task CheckArtifactsAsync(IReadOnlyDictionary<(string Tenant, string Sha256), (JobId Job, int Seq, string Kind)> named, CancellationToken cancellationToken)
    {
        var found = new HashSet<(string, string)>();
        await foreach (var row in RowsAsync(StoreTables.Artifacts, cancellationToken))
        {
            _artifacts++;
            var key = (row.Text("tenant"), row.Text("sha256"));
            found.Add(key);
            var isNamed = named.TryGetValue(key, out var by);
            _unreferenced += isNamed ? 0 : 1;
            if (Convert.ToHexStringLower(SHA256.HashData(row.Bytes("content"))) != key.Item2)
            {
                _problems.Add(new StoreProblem("artifact_changed", $"artifact {key.Item2} of tenant '{key.Item1}' is not what its hash says", isNamed ? by.Job : null, isNamed ? by.Seq : null));
            }
        }

        _problems.AddRange(named.Where(entry => !found.Contains(entry.Key)).Select(entry => new StoreProblem(
            "artifact_missing", $"the {entry.Value.Kind} {entry.Key.Sha256} that event {entry.Value.Seq} of job {entry.Value.Job} names is not in the store", entry.Value.Job, entry.Value.Seq)));
    }

    private async IAsyncEnumerable<NamedRow> RowsAsync(string name, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = StoreTables.Find(tables, name);
        await foreach (var row in tables.ReadAsync(table, cancellationToken))
        {
            yield return new NamedRow(table, row);
        }
    }

    private readonly record struct NamedRow(TableShape Table, object?[] Row)
    {
        public string Text(string column) => (string)Row[Table.IndexOf(column)]!;

        public byte[] Bytes(string column) => (byte[])Row[Table.IndexOf(column)]!;

        public bool Flag(string column) => (bool)Cell.Convert(Row[Table.IndexOf(column)], CellKind.Boolean)!;
    }
}
