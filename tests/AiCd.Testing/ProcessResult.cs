namespace AiCd.Testing;

/// <summary>What a process that has ended left behind.</summary>
public sealed record ProcessResult(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>The process's output without the line break at its end.</summary>
    public string Line => Output.TrimEnd('\n');

    public ProcessResult EnsureSuccess() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"`{Command}` ended with exit code {ExitCode}.\n{Errors}\n{Output}");
}
