namespace AiCd.Forge.GitHub.Api;

// What GitHub is sent; a null is left out.

internal sealed record NewToken(IReadOnlyList<string>? Repositories, IReadOnlyDictionary<string, string> Permissions);

internal sealed record NewPull(string Title, string Head, string? HeadRepo, string Base, string Body, bool Draft, bool? MaintainerCanModify);

internal sealed record PullChange(string? Title, string? Body, string? State);

internal sealed record LabelNames(IReadOnlyList<string> Labels);

internal sealed record ReviewRequest(IReadOnlyList<string> Reviewers, IReadOnlyList<string> TeamReviewers);

internal sealed record AssigneeNames(IReadOnlyList<string> Assignees);

internal sealed record NewComment(string Body);

/// <summary>A check run that is made, or brought up to date: then without the commit, which cannot change.</summary>
internal sealed record CheckRunChange(string Name, string? HeadSha, string ExternalId, string Status, string Conclusion, CheckOutput Output);

internal sealed record CheckOutput(string Title, string Summary, string? Text);

internal sealed record NewStatus(string State, string Context, string Description);

internal sealed record NewFork(bool DefaultBranchOnly);
