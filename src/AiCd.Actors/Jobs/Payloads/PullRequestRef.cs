namespace AiCd.Actors.Jobs.Payloads;

/// <summary>The one pull request of a job.</summary>
public sealed record PullRequestRef(int Number, string Url, string Branch, string HeadSha);
