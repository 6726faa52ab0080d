using System.Text.Json.Serialization;

namespace AiCd.Actors.Jobs.Payloads;

public sealed record ReviewResult(ReviewVerdict Verdict, string Summary, IReadOnlyList<ReviewComment> Comments);

[JsonConverter(typeof(WireNameConverter<ReviewVerdict>))]
public enum ReviewVerdict
{
    Approve,
    Reject,
}

[JsonConverter(typeof(WireNameConverter<CommentSeverity>))]
public enum CommentSeverity
{
    Info,
    Minor,
    Major,
    Blocker,
}

/// <summary>A remark of the reviewer.</summary>
/// <param name="Path">The file it speaks of, or null when it speaks of the change as a whole.</param>
/// <param name="Line">From 1, in the new version of the file.</param>
public sealed record ReviewComment(string? Path, int? Line, CommentSeverity Severity, string Text)
{
    [JsonConstructor]
    internal ReviewComment(CommentSeverity severity, string text, string? path = null, int? line = null)
        : this(path, line, severity, text)
    {
    }
}
