using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime;

/// <summary>A stage's pool on one node (<c>AiCd:Stages:&lt;stage&gt;</c>).</summary>
public sealed class StageOptions
{
    /// <summary>Attempts that run at the same time, from 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int Concurrency { get; set; } = 5;

    /// <summary>Attempts started per second, from 0.01 to 1000000.</summary>
    [Range(0.01, 1_000_000)]
    public double StartsPerSecond { get; set; } = 10;

    /// <summary>Attempts of one stage entry, from 1 to 100.</summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 3;

    /// <summary>Delay before the second attempt; doubles with each further one, jittered by a fifth.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>An attempt that takes longer is cancelled and counts as failed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);
}

/// <summary>The four pools (<c>AiCd:Stages</c>).</summary>
public sealed class StagesOptions
{
    /// <summary>Where agents plan.</summary>
    public StageOptions Planning { get; set; } = new();

    /// <summary>Where agents write the change.</summary>
    public StageOptions Coding { get; set; } = new();

    /// <summary>Where checks run and agents review.</summary>
    public StageOptions Reviewing { get; set; } = new();

    /// <summary>Where branches are pushed and pull requests opened.</summary>
    public StageOptions PrOpen { get; set; } = new();

    public StageOptions this[Stage stage] => stage switch
    {
        Stage.Planning => Planning,
        Stage.Coding => Coding,
        Stage.Reviewing => Reviewing,
        Stage.PrOpen => PrOpen,
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };
}
