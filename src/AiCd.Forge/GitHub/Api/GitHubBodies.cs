using System.Text.Json.Serialization;

namespace AiCd.Forge.GitHub.Api;

// What GitHub answers, as far as it is read. Everything may be missing or null, and there is always more than this.

internal sealed record ErrorBody(string? Message, IReadOnlyList<ErrorDetail>? Errors)
{
    public override string ToString() =>
        string.Join("; ", new[] { Message }.Concat(Errors?.Select(error => error.ToString()) ?? []).Where(part => !string.IsNullOrEmpty(part)));
}

[JsonConverter(typeof(ErrorDetailConverter))]
internal sealed record ErrorDetail(string? Message, string? Field, string? Code)
{
    public override string ToString() => Message ?? $"{Field} {Code}".Trim();
}

internal sealed record UserBody(string? Login, string? Type);

internal sealed record LabelBody(string? Name);

internal sealed record RepositoryBody(
    long Id,
    string? FullName,
    string? DefaultBranch,
    bool? Archived,
    bool? Disabled,
    bool? Fork,
    long? Size,
    bool? AllowForking,
    PermissionsBody? Permissions,
    UserBody? Owner,
    RepositoryBody? Parent);

internal sealed record PermissionsBody(bool? Push, bool? Pull, bool? Admin);

internal sealed record InstallationBody(long Id, UserBody? Account, IReadOnlyDictionary<string, string>? Permissions, string? SuspendedAt);

internal sealed record TokenBody(string Token, DateTimeOffset ExpiresAt);

internal sealed record AppBody(string? Slug);

internal sealed record HeadBody(string? Ref, string? Sha, string? Label, RepositoryBody? Repo);

internal sealed record PullBody(int Number, string? HtmlUrl, string? State, string? Title, string? Body, DateTimeOffset? MergedAt, HeadBody? Head, HeadBody? Base, bool? Draft);

internal sealed record IssueBody(
    int Number, string? HtmlUrl, string? State, string? Title, string? Body, UserBody? User, IReadOnlyList<LabelBody>? Labels, DateTimeOffset? UpdatedAt, PullMark? PullRequest);

/// <summary>Its presence tells that the issue is a pull request.</summary>
internal sealed record PullMark(string? Url);

internal sealed record IssueEventBody(long Id, string? Event, LabelBody? Label, UserBody? Actor, DateTimeOffset? CreatedAt);

internal sealed record CommentBody(
    long Id, string? Body, UserBody? User, string? HtmlUrl, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt, AppBody? PerformedViaGithubApp);

internal sealed record CheckRunBody(
    long Id, string? Name, string? HeadSha, string? ExternalId, string? HtmlUrl, string? Status, string? Conclusion, CheckRunOutputBody? Output);

internal sealed record CheckRunOutputBody(string? Title, string? Summary, string? Text);

/// <param name="SubmittedAt">Null while its writer still works on it.</param>
internal sealed record ReviewBody(long Id, UserBody? User, string? Body, string? State, string? CommitId, DateTimeOffset? SubmittedAt);

internal sealed record ReviewCommentBody(long Id, long? PullRequestReviewId, string? Path, int? Line, string? Body, UserBody? User);

internal sealed record CheckRunsBody(int? TotalCount, IReadOnlyList<CheckRunBody>? CheckRuns);

internal sealed record InstallationRepositoriesBody(int? TotalCount, IReadOnlyList<RepositoryBody>? Repositories);

internal sealed record StatusBody(long Id, string? State, string? Context, string? Description);

internal sealed record PermissionBody(string? Permission, string? RoleName);

internal sealed record PersonBody(string? Name, string? Email);

internal sealed record GitCommitBody(string? Sha, PersonBody? Committer);

internal sealed record DeliveryBody(
    long Id, string? Guid, DateTimeOffset? DeliveredAt, bool? Redelivery, int? StatusCode, string? Event, string? Action, long? InstallationId);

internal sealed record ContentBody(string? Name, string? Path, string? Type, string? Encoding, string? Content);
