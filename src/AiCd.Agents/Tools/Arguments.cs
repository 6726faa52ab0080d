using System.Text.Json;

namespace AiCd.Agents.Tools;

/// <summary>Reads the arguments of a call; what is wrong names its field.</summary>
internal static class Arguments
{
    public static string Text(this JsonElement arguments, string field) =>
        arguments.OptionalText(field) ?? throw new ToolException($"{field}: expected a text, got nothing");

    public static string? OptionalText(this JsonElement arguments, string field) => Member(arguments, field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw new ToolException($"{field}: expected a text, got {value.GetRawText()}"),
    };

    public static int? OptionalNumber(this JsonElement arguments, string field, int min, int max) => Member(arguments, field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) && number >= min && number <= max => number,
        { } value => throw new ToolException($"{field}: expected a whole number from {min} to {max}, got {value.GetRawText()}"),
    };

    private static JsonElement? Member(JsonElement arguments, string field) =>
        arguments.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
