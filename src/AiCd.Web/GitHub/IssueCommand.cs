namespace AiCd.Web.GitHub;

/// <summary>What a comment asks for: <c>/aicd run|plan|approve|reject &lt;why&gt;|cancel|retry|status</c>, alone on its line.</summary>
internal sealed record IssueCommand(string Verb, string Argument)
{
    private const string Mark = "/aicd";

    private static readonly string[] Verbs = ["run", "plan", "approve", "reject", "cancel", "retry", "status"];

    /// <returns>The first command of the comment, or null. What is quoted or in a block of code is nobody's command.</returns>
    public static IssueCommand? Find(string? comment)
    {
        var inCode = false;
        foreach (var line in (comment ?? "").Split('\n').Select(line => line.TrimEnd('\r', ' ', '\t')))
        {
            if (line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith("~~~", StringComparison.Ordinal))
            {
                inCode = !inCode;
            }
            else if (!inCode && Parse(line) is { } command)
            {
                return command;
            }
        }

        return null;
    }

    private static IssueCommand? Parse(string line)
    {
        if (!line.StartsWith(Mark + " ", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = line[Mark.Length..].Trim();
        var end = rest.IndexOf(' ', StringComparison.Ordinal);
        var verb = end < 0 ? rest : rest[..end];
        return Verbs.Contains(verb) ? new IssueCommand(verb, end < 0 ? "" : rest[end..].Trim()) : null;
    }
}
