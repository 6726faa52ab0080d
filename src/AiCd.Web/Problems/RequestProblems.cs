using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace AiCd.Web.Problems;

/// <summary>Says in the API's own words what the web server or the JSON reader found wrong with a request.</summary>
internal static partial class RequestProblems
{
    /// <summary>For answers that have a status and nothing else.</summary>
    public static Problem OfStatus(int status) => status == StatusCodes.Status415UnsupportedMediaType
        ? Problem.Of(ProblemType.UnsupportedMedia, null, "Content-Type", "application/json")
        : Problem.Of(ProblemType.OfStatus(status));

    public static Problem Of(BadHttpRequestException bad) => bad.InnerException switch
    {
        JsonException json => OfJson(json),
        _ => bad.StatusCode switch
        {
            StatusCodes.Status400BadRequest => OfBinding(bad.Message),
            StatusCodes.Status413PayloadTooLarge => Problem.Of(ProblemType.TooLarge, bad.Message),
            var status => OfStatus(status) with { Detail = bad.Message },
        },
    };

    private static Problem OfBinding(string message)
    {
        if (FailedParameter().Match(message) is { Success: true } failed)
        {
            return Problem.Of(
                ProblemType.InvalidField,
                $"{failed.Groups["name"].Value}: expected {Kind(failed.Groups["type"].Value)}",
                failed.Groups["name"].Value,
                Kind(failed.Groups["type"].Value));
        }

        if (RequiredParameter().Match(message) is { Success: true } required)
        {
            return Problem.Of(ProblemType.MissingField, $"{required.Groups["name"].Value} is missing", required.Groups["name"].Value, "a value");
        }

        return message.Contains("body", StringComparison.Ordinal)
            ? Problem.Of(ProblemType.InvalidJson, "The body is empty", null, "a JSON object")
            : Problem.Of(ProblemType.BadRequest, null);
    }

    private static Problem OfJson(JsonException json)
    {
        var field = json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
        if (UnmappedMember().Match(json.Message) is { Success: true } unmapped)
        {
            var name = unmapped.Groups["name"].Value;
            return Problem.Of(ProblemType.UnknownField, $"{Cut(name)} is not a field of this request", Cut(name), "no such field");
        }

        if (MissingMembers().Match(json.Message) is { Success: true } missing)
        {
            var names = missing.Groups["names"].Value.Replace("'", "", StringComparison.Ordinal);
            return Problem.Of(ProblemType.MissingField, $"{names} must be there", names.Split(',')[0].Trim(), "a value");
        }

        if (WrongType().Match(json.Message) is { Success: true } wrong)
        {
            var expected = Kind(wrong.Groups["type"].Value);
            return Problem.Of(ProblemType.InvalidField, $"{Cut(field ?? "the body")}: expected {expected}", Cut(field), expected);
        }

        // Messages of converters say what they expect; those of the reader say where the text is no JSON.
        return field is not null && json.Message.Contains("is none of", StringComparison.Ordinal)
            ? Problem.Of(ProblemType.InvalidField, Cut(json.Message), Cut(field), Cut(json.Message[(json.Message.IndexOf("is none of", StringComparison.Ordinal) + 3)..]))
            : Problem.Of(ProblemType.InvalidJson, Cut(field is null ? "The body is no JSON object as expected" : $"{field} cannot be read"), Cut(field), "JSON");
    }

    private static string Cut(string? text) => text is null ? "" : text.Length > 200 ? text[..200] + "…" : text;

    private static string Kind(string type) => type.Split('.')[^1].Trim('`', ']', '[') switch
    {
        var name when name.Contains("Int32", StringComparison.Ordinal) || name.Contains("Int64", StringComparison.Ordinal) || name is "int" or "long" => "a whole number",
        var name when name.Contains("Decimal", StringComparison.Ordinal) || name.Contains("Double", StringComparison.Ordinal) => "a number",
        var name when name.Contains("Boolean", StringComparison.Ordinal) || name == "bool" => "true or false",
        var name when name.Contains("DateTimeOffset", StringComparison.Ordinal) => "a time such as 2030-01-31T12:00:00Z",
        var name when name.Contains("String", StringComparison.Ordinal) && type.Contains("List", StringComparison.Ordinal) => "a list of texts",
        var name when name.Contains("String", StringComparison.OrdinalIgnoreCase) => "a text",
        _ => "an object",
    };

    [GeneratedRegex("""^Failed to bind parameter "(?<type>[^"]+) (?<name>[^" ]+)" from""")]
    private static partial Regex FailedParameter();

    [GeneratedRegex("""^Required parameter "(?<type>[^"]+) (?<name>[^" ]+)" was not provided""")]
    private static partial Regex RequiredParameter();

    [GeneratedRegex("""The JSON property '(?<name>.*?)' could not be mapped""", RegexOptions.Singleline)]
    private static partial Regex UnmappedMember();

    [GeneratedRegex("""was missing required properties including: (?<names>.+?)\.""")]
    private static partial Regex MissingMembers();

    [GeneratedRegex("""The JSON value could not be converted to (?<type>\S+?)\. Path""")]
    private static partial Regex WrongType();
}
