using System.Globalization;
using System.Security.Cryptography;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Checking;

/// <summary>Compares everything in a store with what the journal says, at one moment and without writing anything.</summary>
/// <param name="pruned">Whether histories may have been pruned: then positions without an event are told and are no problem.</param>
/// <param name="store">For the read model, whose shape is its engine's business; null where that is not checked.</param>
internal sealed class StoreCheck(ITableSource tables, IStore? store, bool pruned, TimeProvider time)
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
        var gaps = positions.Gaps().ToList();
        _problems.AddRange(gaps.Where(_ => !pruned).Select(gap => new StoreProblem(
            "position_missing",
            gap.From == gap.To ? $"shard {gap.Shard} has no event at position {gap.From}" : $"shard {gap.Shard} has no events at positions {gap.From} to {gap.To}",
            Shard: gap.Shard,
            Position: gap.From)));
        await CheckActiveAsync(journal.Jobs, cancellationToken);
        await CheckClaimsAsync(journal.Jobs, cancellationToken);
        await CheckArtifactsAsync(journal, cancellationToken);
        if (store is not null)
        {
            _problems.AddRange(await new ViewCheck(store, time).RunAsync(journal.Jobs, cancellationToken));
        }

        return new StoreReport(
            tables.Name, journal.Events, journal.Jobs.Count, journal.Jobs.Values.Count(job => job.IsActive), _artifacts, _unreferenced, gaps.Sum(gap => gap.To - gap.From + 1), positions.Lag, _problems);
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
                if (row.Flag("permanent"))
                {
                    // An idempotency key outlives a job whose history was pruned.
                    continue;
                }

                _problems.Add(new StoreProblem("claim_without_job", $"{claim} is held by job {id}, of which the journal knows nothing", id));
            }
            else if (job is { Readable: true, IsActive: false } && !row.Flag("permanent"))
            {
                _problems.Add(new StoreProblem("claim_though_ended", $"{claim} is held by job {id}, which has ended", id));
            }
        }
    }

    /// <summary>Content must be there as long as a job holds it: until it has ended and its retention is over.</summary>
    private async Task CheckArtifactsAsync(JournalCheck journal, CancellationToken cancellationToken)
    {
        var holds = new HashSet<(string Job, string Sha256)>();
        var held = new HashSet<(string Tenant, string Sha256)>();
        await foreach (var row in RowsAsync(StoreTables.ArtifactRefs, cancellationToken))
        {
            holds.Add((row.Text("job_id"), row.Text("sha256")));
            held.Add((row.Text("tenant"), row.Text("sha256")));
        }

        var found = new HashSet<(string, string)>();
        await foreach (var row in RowsAsync(StoreTables.Artifacts, cancellationToken))
        {
            _artifacts++;
            var (tenant, sha256) = (row.Text("tenant"), row.Text("sha256"));
            found.Add((tenant, sha256));
            _unreferenced += held.Contains((tenant, sha256)) ? 0 : 1;
            if (Convert.ToHexStringLower(SHA256.HashData(row.Bytes("content"))) != sha256)
            {
                var by = journal.Artifacts.Where(named => named.Sha256 == sha256 && named.Tenant == tenant).Select(named => ((JobId?)named.Job, (int?)named.Seq)).FirstOrDefault();
                _problems.Add(new StoreProblem("artifact_changed", $"artifact {sha256} of tenant '{tenant}' is not what its hash says", by.Item1, by.Item2));
            }
        }

        foreach (var named in journal.Artifacts)
        {
            var isHeld = holds.Contains((named.Job.Value, named.Sha256));
            var what = $"the {named.Kind} {named.Sha256} that event {named.Seq} of job {named.Job} names";
            if (isHeld && !found.Contains((named.Tenant, named.Sha256)))
            {
                _problems.Add(new StoreProblem("artifact_missing", $"{what} is not in the store", named.Job, named.Seq));
            }
            else if (!isHeld && journal.Jobs[named.Job].IsActive)
            {
                _problems.Add(new StoreProblem("artifact_not_held", $"{what} would be collected, though the job has not ended", named.Job, named.Seq));
            }
        }
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
