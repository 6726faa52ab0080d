using System.Diagnostics;
using AiCd.Agents.Sandbox;
using AiCd.Testing;

namespace AiCd.Agents.Tests.Models;

/// <summary>Runs commands as plain processes: for tests of what stands above the sandbox, which choose the commands themselves.</summary>
internal sealed class ProcessSandbox : ISandbox
{
    public async Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(command.Timeout);
        var folder = Path.Combine(command.Worktree, command.WorkingFolder);
        var start = ProcessRunner.Command(
            "/usr/bin/env", [.. command.Arguments], command.Environment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value), folder);
        var watch = Stopwatch.StartNew();
        try
        {
            var result = await ProcessRunner.RunAsync(start, command.Input ?? "", deadline.Token);
            var (output, cut) = Cut(result.Output + result.Errors, command.OutputLimit);
            return new SandboxResult(result.ExitCode, output, Cut(result.Output, command.OutputLimit).Text, cut, watch.Elapsed, SandboxEnd.Exited);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SandboxResult(137, "", "", false, watch.Elapsed, SandboxEnd.TimedOut);
        }
    }

    private static (string Text, bool Cut) Cut(string text, int limit) =>
        text.Length <= limit ? (text, false) : (text[..(limit / 2)] + "\n[cut]\n" + text[^(limit / 2)..], true);
}
