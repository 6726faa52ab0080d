using System.Security.Cryptography;
using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using AiCd.Host.Driving;
using AiCd.Host.Exports;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Checking;

/// <summary>Reads every event once, job by job, and keeps what the other tables are compared with.</summary>
internal sealed class JournalCheck(ShardPositions positions)
{
    private readonly List<StoreProblem> _problems = [];
    private readonly Dictionary<JobId, JobStanding> _jobs = [];
    private readonly List<NamedArtifact> _artifacts = [];
    private readonly HashSet<string> _named = [];

    public long Events { get; private set; }

    public IReadOnlyList<StoreProblem> Problems => _problems;

    public IReadOnlyDictionary<JobId, JobStanding> Jobs => _jobs;

    /// <summary>What the jobs name, each content once a job, with the event that names it first.</summary>
    public IReadOnlyList<NamedArtifact> Artifacts => _artifacts;

    public async Task RunAsync(ITableSource tables, CancellationToken cancellationToken)
    {
        var standing = (JobStanding?)null;
        await foreach (var row in JournalTable.ReadAsync(tables, cancellationToken))
        {
            Events++;
            if (standing?.Id != row.Job)
            {
                Keep(standing);
                standing = new JobStanding(row.Job, row.Tenant);
            }

            Place(row);
            Advance(standing, row);
            Name(row);
        }

        Keep(standing);
        _problems.AddRange(positions.CursorsAhead());
    }

    private void Place(in JournalRow row)
    {
        if (row.Shard != row.Job.Shard)
        {
            _problems.Add(new StoreProblem("wrong_shard", $"event {row.Seq} of job {row.Job} is in shard {row.Shard}, its id says {row.Job.Shard}", row.Job, row.Seq, row.Shard, row.ShardSeq));
        }

        if (!positions.TryMark(row.Shard, row.ShardSeq))
        {
            _problems.Add(new StoreProblem("beyond_head", $"event {row.Seq} of job {row.Job} is at position {row.ShardSeq}, beyond the head of shard {row.Shard}", row.Job, row.Seq, row.Shard, row.ShardSeq));
        }
    }

    private void Advance(JobStanding standing, in JournalRow row)
    {
        if (row.Tenant != standing.Tenant)
        {
            _problems.Add(new StoreProblem("wrong_tenant", $"event {row.Seq} of job {row.Job} belongs to tenant '{row.Tenant}', the job to '{standing.Tenant}'", row.Job, row.Seq, row.Shard, row.ShardSeq));
        }

        if (standing.Readable)
        {
            (standing.Job, var corruption) = JobHistory.TryAdvance(row.Job, standing.Job, row);
            if (corruption is not null)
            {
                standing.Readable = false;
                _problems.Add(new StoreProblem("unreadable", corruption, row.Job, row.Seq, row.Shard, row.ShardSeq));
            }
            else if (row.ShardSeq <= positions.CursorOf(row.Shard))
            {
                standing.Projected = JobView.Of(standing.Job!);
            }
        }
    }

    private void Name(in JournalRow row)
    {
        foreach (var artifact in NamedArtifacts.In(row.Payload))
        {
            if (artifact.Inline is null)
            {
                if (_named.Add(artifact.Sha256))
                {
                    _artifacts.Add(new NamedArtifact(row.Job, row.Seq, artifact.Kind, row.Tenant, artifact.Sha256));
                }
            }
            else if (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(artifact.Inline))) != artifact.Sha256)
            {
                _problems.Add(new StoreProblem("artifact_changed", $"the {artifact.Kind} that event {row.Seq} of job {row.Job} carries is not what its hash {artifact.Sha256} says", row.Job, row.Seq, row.Shard, row.ShardSeq));
            }
        }
    }

    private void Keep(JobStanding? standing)
    {
        _named.Clear();
        if (standing is not null)
        {
            standing.Close();
            _jobs.Add(standing.Id, standing);
        }
    }
}

/// <summary>What is known of one job from its events. Of the job itself only what is compared is kept.</summary>
internal sealed class JobStanding(JobId id, string tenant)
{
    public JobId Id { get; } = id;

    public string Tenant { get; } = tenant;

    public bool Readable { get; set; } = true;

    public Job? Job { get; set; }

    /// <summary>As far as the read model has come.</summary>
    public JobView? Projected { get; set; }

    public bool IsActive { get; private set; }

    /// <summary>Of <see cref="Projected"/>, or null where the read model need not have the job.</summary>
    public UInt128? Fingerprint { get; private set; }

    public void Close()
    {
        IsActive = Job?.IsActive ?? false;
        Fingerprint = Projected is { } view ? Of(view) : null;
        (Job, Projected) = (null, null);
    }

    public static UInt128 Of(JobView view) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(view.ToString())));
}

/// <param name="Seq">Of the event that names it first.</param>
internal readonly record struct NamedArtifact(JobId Job, int Seq, string Kind, string Tenant, string Sha256);
