namespace AiCd.Actors.Jobs.Payloads;

/// <param name="TreeSha">The tree that the verdict is bound to.</param>
/// <param name="Checks">Empty where the repository configures none: then none are required.</param>
public sealed record ChecksResult(string TreeSha, IReadOnlyList<CheckRun> Checks)
{
    public bool Passed => Checks.All(check => check.ExitCode == 0);
}

/// <param name="Log">What the command printed, cut in the middle when it is long.</param>
public sealed record CheckRun(string Name, string Command, int ExitCode, TimeSpan Duration, string Log);
