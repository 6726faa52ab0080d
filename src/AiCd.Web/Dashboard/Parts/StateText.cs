using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime.Pools;

namespace AiCd.Web.Dashboard.Parts;

/// <summary>States, stages and reasons to wait, in words.</summary>
internal static class StateText
{
    public static string Of(JobState state) => state switch
    {
        JobState.Queued => "Queued",
        JobState.Planning => "Planning",
        JobState.Coding => "Coding",
        JobState.Reviewing => "Reviewing",
        JobState.PrOpen => "PR open",
        JobState.Completed => "Completed",
        JobState.Failed => "Failed",
        _ => "Cancelled",
    };

    public static string Class(JobState state) => "state-" + WireNames.Of(state).ToLowerInvariant().Replace('_', '-');

    public static string Of(Stage stage) => stage switch
    {
        Stage.Planning => "Planning",
        Stage.Coding => "Coding",
        Stage.Reviewing => "Reviewing",
        _ => "Pull request",
    };

    public static string Waiting(string code) => code switch
    {
        WaitingCodes.PoolFull => "for a place: the pool is full",
        WaitingCodes.StartRate => "for the pool's start rate",
        WaitingCodes.PoolPaused => "because the pool is paused",
        WaitingCodes.NotDue => "until its time comes",
        WaitingCodes.ProviderDown => "because its provider is down",
        WaitingCodes.Approval => "for somebody to approve the plan",
        WaitingCodes.Budget => "for a larger budget",
        WaitingCodes.OtherNode => "for an attempt on another node",
        _ => code,
    };

    /// <summary>The last two parts of a repository's address, which tell it apart.</summary>
    public static string Repository(string address)
    {
        var parts = address.TrimEnd('/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        var name = string.Join('/', parts.TakeLast(2));
        return name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name;
    }

    public static string Dollars(decimal amount) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${(amount >= 100 ? Math.Round(amount) : amount):#,0.00}");

    public static string Number(long number) => number.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture);
}
