using System.Globalization;
using System.Text.RegularExpressions;

namespace AiCd.Agents.Text;

/// <summary><c>@@ -1,2 +1,3 @@</c></summary>
internal readonly partial record struct HunkHeader(int OldCount, int NewStart, int NewCount)
{
    public static bool TryParse(string line, out HunkHeader header)
    {
        var match = Pattern().Match(line);
        header = default;
        if (!match.Success)
        {
            return false;
        }

        header = new HunkHeader(Count(match.Groups["oldCount"]), Number(match.Groups["newStart"]), Count(match.Groups["newCount"]));
        return true;
    }

    private static int Count(Group group) => group.Success ? Number(group) : 1;

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^@@ -[0-9]{1,9}(,(?<oldCount>[0-9]{1,9}))? \+(?<newStart>[0-9]{1,9})(,(?<newCount>[0-9]{1,9}))? @@",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
