using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;

namespace AiCd.Agents.Mock;

/// <summary>How the mock agent behaves; bound to <c>AiCd:Agents:Mock</c>.</summary>
public sealed class MockAgentOptions
{
    public const string Section = "AiCd:Agents:Mock";

    /// <summary>For <c>FailPlanning</c>, <c>FailCoding</c>, <c>FailReview</c> and <c>RejectReview</c>: never stop.</summary>
    public const int Always = -1;

    private const string Attempts = "a number of attempts from 0, or -1 for all";

    /// <summary>How long every stage takes; from zero to an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many planning attempts fail before one succeeds; -1 for all.</summary>
    [Range(Always, int.MaxValue)]
    [Expectation(Attempts)]
    public int FailPlanning { get; set; }

    /// <summary>How many coding attempts fail before one succeeds; -1 for all.</summary>
    [Range(Always, int.MaxValue)]
    [Expectation(Attempts)]
    public int FailCoding { get; set; }

    /// <summary>How many reviewing attempts fail before one succeeds; -1 for all.</summary>
    [Range(Always, int.MaxValue)]
    [Expectation(Attempts)]
    public int FailReview { get; set; }

    /// <summary>How many review rounds reject the change before one approves it; -1 for all.</summary>
    [Range(Always, int.MaxValue)]
    [Expectation("a number of review rounds from 0, or -1 for all")]
    public int RejectReview { get; set; }
}
