using System.Text.Json.Serialization;

namespace AiCd.Forge.Local;

/// <summary>A pull request as it stands, in JSON, in the repository that it is for: <c>git show refs/aicd/pulls/1</c>.</summary>
public sealed record LocalPullRequest
{
    public required int Number { get; init; }

    public required string Title { get; init; }

    public required LocalPullRequestState State { get; init; }

    /// <summary>The branch with the work. It never changes: a branch has one pull request.</summary>
    public required string Branch { get; init; }

    public required string HeadSha { get; init; }

    public required string BaseBranch { get; init; }

    public required string BaseSha { get; init; }

    public required string Author { get; init; }

    public required string Job { get; init; }

    public required int FilesChanged { get; init; }

    public required int Insertions { get; init; }

    public required int Deletions { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>That the repository asked for; null for none, and in pull requests from before there were labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Labels { get; init; }

    public required string Body { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<LocalPullRequestState>))]
public enum LocalPullRequestState
{
    [JsonStringEnumMemberName("open")]
    Open,

    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>Never stored: the base branch has the commit.</summary>
    [JsonStringEnumMemberName("merged")]
    Merged,
}
