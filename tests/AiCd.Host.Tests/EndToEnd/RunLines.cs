using System.Text.Json;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>What <c>--json</c> printed.</summary>
internal sealed class RunLines
{
    private readonly List<JsonElement> _lines;

    private RunLines(IEnumerable<string> lines) => _lines = [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];

    public IReadOnlyList<JsonElement> Events => [.. _lines.Where(line => line.GetProperty("type").GetString() == "event")];

    public JsonElement Result => _lines.Last(line => line.GetProperty("type").GetString() == "result");

    public string Job => Events[0].GetProperty("jobId").GetString()!;

    public string State => Result.GetProperty("state").GetString()!;

    public string History => string.Join(", ", Result.GetProperty("history").EnumerateArray().Select(state => state.GetString()));

    public int Count => _lines.Count;

    public static RunLines Parse(string output) => new(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    public static RunLines Parse(IEnumerable<string> lines) => new(lines);

    public static string? NameOf(JsonElement e) => e.GetProperty("event").GetString();

    public IReadOnlyList<JsonElement> Of(string name) => [.. Events.Where(e => NameOf(e) == name)];

    public int CountOf(string name) => Of(name).Count;

    /// <summary>The contract of the lines: one job, each sequence number once and in order, the result once and last.</summary>
    public void ShouldBeWholeAndInOrder()
    {
        Events.Select(e => e.GetProperty("jobId").GetString()).Distinct().Count().ShouldBe(1);
        Events.Select(e => e.GetProperty("seq").GetInt32()).ShouldBe(Enumerable.Range(1, Events.Count));
        _lines[^1].GetProperty("type").GetString().ShouldBe("result");
        _lines.Count.ShouldBe(Events.Count + 1);
    }

    public void ShouldBeCompleted()
    {
        ShouldBeWholeAndInOrder();
        State.ShouldBe("COMPLETED");
        History.ShouldBe("QUEUED, PLANNING, CODING, REVIEWING, PR_OPEN, COMPLETED");
        Result.GetProperty("failure").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    /// <summary>Every stage had its result once, whatever was interrupted in between.</summary>
    public void ShouldHaveFinishedEveryStageOnce()
    {
        foreach (var name in (string[])["PLAN_SUCCEEDED", "CODE_SUCCEEDED", "REVIEW_APPROVED", "PR_OPENED", "MARK_COMPLETED"])
        {
            CountOf(name).ShouldBe(1, name);
        }
    }
}
