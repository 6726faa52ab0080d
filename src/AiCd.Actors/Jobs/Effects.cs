namespace AiCd.Actors.Jobs;

/// <summary>The names of effects on the outside.</summary>
public static class Effects
{
    public const string Push = "push";
    public const string Evidence = "evidence";
    public const string PullRequest = "pull_request";
    public const string ClosePullRequest = "close_pull_request";
}
