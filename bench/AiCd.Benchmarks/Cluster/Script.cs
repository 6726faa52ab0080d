using System.Collections.Frozen;
using System.Globalization;
using AiCd.Actors.Jobs;

namespace AiCd.Benchmarks.Cluster;

/// <summary>What is to happen to a job of a cluster run.</summary>
internal enum Script
{
    Plain,
    RejectedOnce,
    RejectedAlways,
    PlanRefused,
    CodingStumbles,

    /// <summary>The driver cancels it while it is under way.</summary>
    Cancelled,

    /// <summary>The first attempt of the stage never answers.</summary>
    HoldPlanning,
    HoldCoding,
    HoldReviewing,

    /// <summary>The first attempt opens the pull request and never says so.</summary>
    HoldPrOpen,
}

/// <summary>A job whose title says what is to happen to it, so that every node knows.</summary>
internal readonly record struct ScriptedJob(int Number, Script Script)
{
    private const string Prefix = "Case ";

    private static readonly FrozenDictionary<Stage, Script> Holds = new Dictionary<Stage, Script>
    {
        [Stage.Planning] = Script.HoldPlanning,
        [Stage.Coding] = Script.HoldCoding,
        [Stage.Reviewing] = Script.HoldReviewing,
        [Stage.PrOpen] = Script.HoldPrOpen,
    }.ToFrozenDictionary();

    public string Title => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Number}: {Script}");

    public string IdempotencyKey => string.Create(CultureInfo.InvariantCulture, $"case-{Number}");

    /// <summary>Of the review rounds that this program's nodes allow.</summary>
    public const int MaxReviewRounds = 3;

    public static Script Hold(Stage stage) => Holds[stage];

    public static ScriptedJob Parse(string title)
    {
        var parts = title[Prefix.Length..].Split(": ");
        return new ScriptedJob(int.Parse(parts[0], CultureInfo.InvariantCulture), Enum.Parse<Script>(parts[1]));
    }

    /// <summary>A mixture: of twenty jobs, five take other ways than the straight one.</summary>
    public static ScriptedJob Of(int number) => new(number, (number % 20) switch
    {
        3 => Script.RejectedOnce,
        7 => Script.RejectedAlways,
        11 => Script.PlanRefused,
        13 => Script.CodingStumbles,
        17 => Script.Cancelled,
        _ => Script.Plain,
    });

    /// <summary>Where the job must end if nobody cancels it.</summary>
    public JobState End => Script is Script.RejectedAlways or Script.PlanRefused ? JobState.Failed : JobState.Completed;

    public bool HoldsIn(Stage stage) => Holds[stage] == Script;
}
