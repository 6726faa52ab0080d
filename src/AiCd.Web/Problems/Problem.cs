using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;

namespace AiCd.Web.Problems;

/// <summary>An error as RFC 9457 has it, with what a program needs to put it right.</summary>
/// <param name="Type">Stable: <c>urn:aicd:problem:&lt;name&gt;</c>.</param>
/// <param name="Detail">For people; says what was found.</param>
/// <param name="Field">The field, parameter or header that is to blame.</param>
/// <param name="Expected">What would have been accepted there.</param>
/// <param name="State">The state of the job that does not allow what was asked for.</param>
/// <param name="RetryAfter">Seconds after which the same may succeed.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string? Detail = null,
    string? Field = null,
    string? Expected = null,
    JobState? State = null,
    int? RetryAfter = null)
{
    public const string ContentType = "application/problem+json";

    public static Problem Of(ProblemType type, string? detail = null, string? field = null, string? expected = null) =>
        new(type.Uri, type.Title, type.Status, detail, field, expected);

    [JsonIgnore]
    public bool IsServersFault => Status >= 500;
}

/// <summary>Ends a request with a problem. Thrown by services too, so that no handler can forget to look.</summary>
public sealed class ProblemException(Problem problem, Exception? inner = null) : Exception(problem.Detail ?? problem.Title, inner)
{
    public ProblemException(ProblemType type, string? detail = null, string? field = null, string? expected = null)
        : this(Problem.Of(type, detail, field, expected))
    {
    }

    public Problem Problem { get; } = problem;

    public static ProblemException Field(string field, string expected, string? got) =>
        new(ProblemType.InvalidField, $"{field}: expected {expected}, got {Shown(got)}", field, expected);

    public static ProblemException NotFound(string what) => new(ProblemType.NotFound, $"There is no such {what}");

    private static string Shown(string? got) => got is null ? "nothing" : got.Length > 100 ? $"'{got[..100]}…'" : $"'{got}'";
}
