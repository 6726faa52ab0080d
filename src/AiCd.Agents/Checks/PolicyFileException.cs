namespace AiCd.Agents.Checks;

/// <param name="Line">From 1.</param>
/// <param name="Text">Field, what was expected, what was found.</param>
internal sealed record PolicyProblem(long Line, string Text)
{
    public override string ToString() => $"{PolicyFile.Name}:{Line}: {Text}";
}

/// <summary>A repository's file cannot be used. Every problem says line, field, expectation and what was found.</summary>
internal sealed class PolicyFileException(IReadOnlyList<PolicyProblem> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<PolicyProblem> Problems { get; } = problems;
}
