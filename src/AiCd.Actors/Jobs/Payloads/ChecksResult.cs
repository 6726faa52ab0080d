namespace AiCd.Actors.Jobs.Payloads;

/// <param name="TreeSha">The tree that the verdict is bound to.</param>
/// <param name="Checks">Empty where the repository configures none: then none are required.</param>
/// <param name="Required">False where a reviewer may approve in spite of failed checks.</param>
/// <param name="Objections">What no reviewer may approve, such as a change of a protected path; null for nothing.</param>
public sealed record ChecksResult(
    string TreeSha, IReadOnlyList<CheckRun> Checks, bool Required = true, IReadOnlyList<ReviewComment>? Objections = null)
{
    public bool Passed => Checks.All(check => check.ExitCode == 0);

    /// <summary>Whether it is worth asking a reviewer at all.</summary>
    public bool MayBeApproved => Objections is null or [] && (Passed || !Required);
}

/// <param name="Log">What the command printed, cut in the middle when it is long.</param>
public sealed record CheckRun(string Name, string Command, int ExitCode, TimeSpan Duration, string Log);
