using System.Text.Json;
using AiCd.Web.Json;

namespace AiCd.Web.Dashboard.Pages.OneJob;

/// <summary>Something that was said in a transcript.</summary>
public sealed record Turn(string Role, string Text)
{
    private const int Most = 2_000;

    /// <param name="lines">JSON lines; one that cannot be read is shown as it is.</param>
    public static IReadOnlyList<Turn> Read(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(Most).Select(Parse)];

    private static Turn Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Turn>(line, WebJson.Options) ?? new Turn("note", line);
        }
        catch (JsonException)
        {
            return new Turn("note", line);
        }
    }
}
