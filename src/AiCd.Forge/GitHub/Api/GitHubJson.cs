using System.Text.Json.Serialization;

namespace AiCd.Forge.GitHub.Api;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(RepositoryBody))]
[JsonSerializable(typeof(InstallationBody))]
[JsonSerializable(typeof(List<InstallationBody>))]
[JsonSerializable(typeof(InstallationRepositoriesBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(AppBody))]
[JsonSerializable(typeof(PullBody))]
[JsonSerializable(typeof(List<PullBody>))]
[JsonSerializable(typeof(List<ReviewBody>))]
[JsonSerializable(typeof(List<ReviewCommentBody>))]
[JsonSerializable(typeof(IssueBody))]
[JsonSerializable(typeof(List<IssueBody>))]
[JsonSerializable(typeof(List<IssueEventBody>))]
[JsonSerializable(typeof(CommentBody))]
[JsonSerializable(typeof(List<CommentBody>))]
[JsonSerializable(typeof(CheckRunBody))]
[JsonSerializable(typeof(CheckRunsBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(List<StatusBody>))]
[JsonSerializable(typeof(PermissionBody))]
[JsonSerializable(typeof(GitCommitBody))]
[JsonSerializable(typeof(List<DeliveryBody>))]
[JsonSerializable(typeof(ContentBody))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(NewPull))]
[JsonSerializable(typeof(PullChange))]
[JsonSerializable(typeof(LabelNames))]
[JsonSerializable(typeof(ReviewRequest))]
[JsonSerializable(typeof(AssigneeNames))]
[JsonSerializable(typeof(NewComment))]
[JsonSerializable(typeof(CheckRunChange))]
[JsonSerializable(typeof(NewStatus))]
[JsonSerializable(typeof(NewFork))]
internal sealed partial class GitHubJson : JsonSerializerContext;
