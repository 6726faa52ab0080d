using System.Globalization;
using AiCd.Actors.Runtime;

namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>How the nodes of a run are set up. They reach a node process as environment variables: the connection string is a secret.</summary>
internal sealed record NodeSettings
{
    public TimeSpan Lease { get; init; } = new EngineOptions().Lease;

    public TimeSpan Renewal { get; init; } = new EngineOptions().Renewal;

    public TimeSpan EffectTimeout { get; init; } = new EngineOptions().EffectTimeout;

    public int Concurrency { get; init; } = 200;

    public WorkDelay Delay { get; init; } = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500));

    /// <summary>Leases so short that a test can wait for their end, and so long that a busy machine does not end them.</summary>
    public static NodeSettings Short { get; } = new()
    {
        Lease = TimeSpan.FromSeconds(4),
        Renewal = TimeSpan.FromMilliseconds(700),
        EffectTimeout = TimeSpan.FromSeconds(1),
    };

    public const string ConnectionVariable = "AiCd__Postgres";
    public const string ShortestDelayVariable = "AiCd__Bench__ShortestDelay";
    public const string LongestDelayVariable = "AiCd__Bench__LongestDelay";

    public Dictionary<string, string?> ToEnvironment(string name, string connectionString)
    {
        var environment = new Dictionary<string, string?>
        {
            [ConnectionVariable] = connectionString,
            ["AiCd__NodeName"] = name,
            ["AiCd__Lease"] = Lease.ToString("c", CultureInfo.InvariantCulture),
            ["AiCd__Renewal"] = Renewal.ToString("c", CultureInfo.InvariantCulture),
            ["AiCd__EffectTimeout"] = EffectTimeout.ToString("c", CultureInfo.InvariantCulture),
            ["AiCd__MaxReviewRounds"] = ScriptedJob.MaxReviewRounds.ToString(CultureInfo.InvariantCulture),
            [ShortestDelayVariable] = Delay.Shortest.ToString("c", CultureInfo.InvariantCulture),
            [LongestDelayVariable] = Delay.Longest.ToString("c", CultureInfo.InvariantCulture),

            // Three nodes and the server share the machine: no heap and no code of theirs needs to be of the fastest.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        };
        foreach (var stage in new[] { "Planning", "Coding", "Reviewing", "PrOpen" })
        {
            environment[$"AiCd__Stages__{stage}__Concurrency"] = Concurrency.ToString(CultureInfo.InvariantCulture);
            environment[$"AiCd__Stages__{stage}__StartsPerSecond"] = "100000";
            environment[$"AiCd__Stages__{stage}__Backoff"] = "00:00:00.2";
        }

        return environment;
    }
}
