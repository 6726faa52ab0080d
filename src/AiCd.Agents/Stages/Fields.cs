using System.Text.Json;

namespace AiCd.Agents.Stages;

/// <summary>Reads the fields of a result and gathers what is wrong with them.</summary>
internal sealed class Fields(JsonElement element, string prefix = "")
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Problem(string problem) => _problems.Add(problem);

    public void Include(Fields inner) => _problems.AddRange(inner.Problems);

    public string Text(string field, int maxLength = 20_000)
    {
        var text = OptionalText(field, maxLength);
        if (string.IsNullOrWhiteSpace(text) && !_problems.Any(problem => problem.StartsWith(Name(field), StringComparison.Ordinal)))
        {
            _problems.Add($"{Name(field)}: expected a text that is not empty, got {Got(field)}");
        }

        return text ?? "";
    }

    public string? OptionalText(string field, int maxLength = 20_000)
    {
        if (Find(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            _problems.Add($"{Name(field)}: expected a text, got {Got(field)}");
            return null;
        }

        var text = value.GetString()!.Trim();
        if (text.Length > maxLength)
        {
            _problems.Add($"{Name(field)}: expected at most {maxLength} characters, got {text.Length}");
        }

        return text;
    }

    public int? OptionalLine(string field)
    {
        if (Find(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var line) && line > 0)
        {
            return line;
        }

        _problems.Add($"{Name(field)}: expected a line number from 1, got {Got(field)}");
        return null;
    }

    /// <param name="atLeast">How many there must be.</param>
    public IReadOnlyList<string> Texts(string field, int atLeast)
    {
        var texts = new List<string>();
        foreach (var (index, item) in Items(field).Index())
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString()!.Trim() is { Length: > 0 } text)
            {
                texts.Add(text);
            }
            else
            {
                _problems.Add($"{Name(field)}[{index}]: expected a text that is not empty, got {Short(item)}");
            }
        }

        if (texts.Count < atLeast && _problems.Count == 0)
        {
            _problems.Add($"{Name(field)}: expected a list with at least {atLeast} text, got {Got(field)}");
        }

        return texts;
    }

    public IEnumerable<JsonElement> Items(string field)
    {
        if (Find(field) is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray();
        }

        _problems.Add($"{Name(field)}: expected a list, got {Got(field)}");
        return [];
    }

    private JsonElement? Find(string field) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string Name(string field) => prefix + field;

    private string Got(string field) => Find(field) is { } value ? Short(value) : "nothing";

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText();
}
