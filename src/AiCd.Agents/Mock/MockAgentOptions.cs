namespace AiCd.Agents.Mock;

/// <summary>How the mock agent behaves; bound to <c>AiCd:Agents:Mock</c>.</summary>
public sealed class MockAgentOptions
{
    public const string Section = "AiCd:Agents:Mock";

    /// <summary>For <c>FailPlanning</c>, <c>FailCoding</c>, <c>FailReview</c> and <c>RejectReview</c>: never stop.</summary>
    public const int Always = -1;

    public static TimeSpan MaxDelay { get; } = TimeSpan.FromHours(1);

    /// <summary>How long every stage takes; from zero to <see cref="MaxDelay"/>.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many planning attempts fail before one succeeds; -1 for all.</summary>
    public int FailPlanning { get; set; }

    /// <summary>How many coding attempts fail before one succeeds; -1 for all.</summary>
    public int FailCoding { get; set; }

    /// <summary>How many reviewing attempts fail before one succeeds; -1 for all.</summary>
    public int FailReview { get; set; }

    /// <summary>How many review rounds reject the change before one approves it; -1 for all.</summary>
    public int RejectReview { get; set; }
}
