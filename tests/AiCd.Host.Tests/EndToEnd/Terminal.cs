using AiCd.Host.CommandLine;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>Runs the executable on a pseudo-terminal, as somebody who looks at it would.</summary>
internal static class Terminal
{
    public const string Escape = "\u001b[";

    /// <returns>What the terminal was sent, standard error included.</returns>
    public static async Task<ProcessResult> RunAsync(Setup? setup, params string[] arguments)
    {
        var line = $"stty cols 120 rows 40; exec {string.Join(' ', [Shell.Quote(Aicd.Executable), .. arguments.Select(Shell.Quote)])}";
        var environment = new Dictionary<string, string?>(Aicd.EnvironmentOf(setup)) { ["TERM"] = "xterm-256color" };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Aicd.Patience);
        return await ProcessRunner.RunAsync(
            ProcessRunner.Command("script", ["--quiet", "--return", "--command", line, "/dev/null"], environment, setup?.Folder), "", deadline.Token);
    }
}
