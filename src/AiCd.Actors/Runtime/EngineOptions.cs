using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;

namespace AiCd.Actors.Runtime;

/// <summary>How a node drives jobs (section <c>AiCd</c>).</summary>
public sealed class EngineOptions : IValidatableObject
{
    public const string Section = "AiCd";

    public const string CompletedByOpening = "pr_opened";
    public const string CompletedByChecks = "checks_passed";
    public const string CompletedByMerging = "merged";

    /// <summary>The role of a node that takes no shards.</summary>
    public const string WebRole = "web";

    private const int MaxWeight = 100;

    /// <summary>Name of this node in views and logs; by default the machine's name.</summary>
    [Required(AllowEmptyStrings = false)]
    [DefaultsTo("the machine's name")]
    public string NodeName { get; set; } = Environment.MachineName;

    /// <summary>The four pools, one for each stage.</summary>
    public StagesOptions Stages { get; set; } = new();

    /// <summary>When the review of this round rejects too, the job fails; from 1 to 20.</summary>
    [Range(1, 20)]
    public int MaxReviewRounds { get; set; } = 3;

    /// <summary>What completes a job whose forge is watched: <c>pr_opened</c>, <c>checks_passed</c> or <c>merged</c>.</summary>
    [AllowedValues(CompletedByOpening, CompletedByChecks, CompletedByMerging)]
    public string CompleteOn { get; set; } = CompletedByOpening;

    /// <summary>How many attempts of one stage entry may be cut short by lost nodes; from 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxInterruptions { get; set; } = 10;

    /// <summary>On a graceful stop, how long running stages may take to finish before they are left owed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>An actor without work leaves memory after this time; its job is rebuilt by replay when needed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PassivateAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Beyond this many live actors, a job that has to wait leaves memory at once.</summary>
    [Range(1, 10_000_000)]
    public int MaxIdleActors { get; set; } = 10_000;

    /// <summary>
    /// How long opening a pull request or writing a comment may take, up to 10 s and shorter than the lease: it begins only while the lease
    /// outlasts it, and a cancelled job looks for what it may have opened after that time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan EffectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Length of the node's lease on its shards; only in a cluster.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What this node does: <c>engine</c> drives jobs and takes commands, <c>web</c> only takes commands, <c>both</c> is the default.</summary>
    [AllowedValues("engine", WebRole, "both")]
    public string Role { get; set; } = "both";

    internal int WeightOf(string tenant) => Math.Clamp(TenantWeights.GetValueOrDefault(tenant, 1), 1, MaxWeight);

    /// <summary>True where the node takes shards.</summary>
    internal bool DrivesJobs => Role != WebRole;

    /// <summary>How long a caller waits for the outcome of a command on another node before it hears that the command is accepted.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan CommandPatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many jobs a tenant starts in its turn at a pool, from 1 to 100; tenants that are not named here weigh 1.</summary>
    [Expectation("for each tenant a whole number from 1 to 100")]
    public Dictionary<string, int> TenantWeights { get; set; } = [];

    /// <summary>
    /// Repositories, in their normal form, in which at most one unfinished job works on a base branch at a time; <c>*</c> for all. A
    /// submission meanwhile makes no job, and names the one that is at work.
    /// </summary>
    public List<string> OneJobPerBranch { get; set; } = [];

    /// <summary>After so many events of an unfinished job its state is kept beside the journal, from 10 to 1000000: replay begins there.</summary>
    [Range(10, 1_000_000)]
    public int SnapshotEvery { get; set; } = 100;

    internal bool AllowsOneJobPerBranch(string repository) => OneJobPerBranch.Any(allowed => allowed == "*" || allowed == repository);

    /// <summary>How often the inbox is looked at; a signal between nodes makes it sooner.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan InboxPolling { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the lease is renewed; less than a half of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:05:00")]
    public TimeSpan Renewal { get; set; } = TimeSpan.FromSeconds(3);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (tenant, weight) in TenantWeights.Where(weight => weight.Value is < 1 or > MaxWeight))
        {
            yield return new ValidationResult($"expected a whole number from 1 to {MaxWeight}, got '{weight}'", [$"{nameof(TenantWeights)}:{tenant}"]);
        }

        if (Renewal >= Lease / 2)
        {
            yield return new ValidationResult($"expected a time span of less than a half of the lease ({Lease}), got '{Renewal}'", [nameof(Renewal)]);
        }
    }
}
