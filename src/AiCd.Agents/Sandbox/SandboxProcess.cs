using System.Diagnostics;
using System.Text;

namespace AiCd.Agents.Sandbox;

/// <summary>One process from its start to the end of its tree: by itself, by its timeout, by a limit, or because nobody wants it any more.</summary>
internal static class SandboxProcess
{
    /// <summary>As a shell reports a process that SIGKILL ended.</summary>
    public const int KilledExitCode = 137;

    // A process that left its session may hold the pipes open where no namespace dies with the command.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    /// <param name="watch">Null where nothing is watched.</param>
    /// <param name="gone">Waits until what the process started is gone; called when the process itself has ended, however it did.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the tree is gone.</exception>
    public static async Task<SandboxResult> RunAsync(
        ProcessStartInfo start, SandboxCommand command, UsageWatch? watch, Func<Task> gone, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var started = time.GetTimestamp();
        using var process = await StarterThread.StartAsync(start);
        var output = new SandboxOutput(command.OutputLimit, command.OnLine);
        var reading = output.ReadAsync(process.StandardOutput.BaseStream, process.StandardError.BaseStream);
        var writing = WriteAsync(process, command.Input);
        using var timeout = new CancellationTokenSource(command.Timeout, time);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        SandboxEnd end;
        string? note;
        try
        {
            (end, note) = await EndAsync(process, output, reading, watch, timeout.Token, watching.Token);
        }
        finally
        {
            await watching.CancelAsync();
            await KillAsync(process);
            await gone();
            await Task.WhenAny(reading, Task.Delay(DrainTime, time, CancellationToken.None));
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
        }

        cancellationToken.ThrowIfCancellationRequested();
        await writing;
        if (end == SandboxEnd.Exited && watch is not null && await watch.FindLastBreachAsync(cancellationToken) is { } breach)
        {
            (end, note) = (SandboxEnd.KilledByLimit, breach);
        }

        return new SandboxResult(
            end == SandboxEnd.Exited ? process.ExitCode : KilledExitCode, output.Both, output.Standard, output.IsCut, time.GetElapsedTime(started), end,
            end == SandboxEnd.TimedOut ? $"It took longer than {command.Timeout} and was ended with all that it had started" : note)
        {
            StandardOutputCut = output.IsStandardCut,
        };
    }

    private static async Task<(SandboxEnd End, string? Note)> EndAsync(
        Process process, SandboxOutput output, Task reading, UsageWatch? watch, CancellationToken timeout, CancellationToken stop)
    {
        var exit = process.WaitForExitAsync(CancellationToken.None);
        var breach = watch?.FindBreachAsync(process.Id, stop) ?? Task.FromResult<string?>(null);
        var breached = BreachedAsync(breach);
        var failed = FailedAsync(reading);
        await Task.WhenAny(exit, breached, output.Flooded, failed, Task.Delay(Timeout.Infinite, stop));
        if (failed.IsCompleted)
        {
            await reading;
        }

        if (exit.IsCompleted)
        {
            return (SandboxEnd.Exited, null);
        }

        if (breached.IsCompleted || output.Flooded.IsCompleted)
        {
            return (SandboxEnd.KilledByLimit, breached.IsCompleted ? await breach : $"it wrote more than {SandboxOutput.MaxBytes / 1024 / 1024} MiB of output");
        }

        return (timeout.IsCancellationRequested ? SandboxEnd.TimedOut : SandboxEnd.Exited, null);
    }

    /// <summary>Completes only when something was exceeded.</summary>
    private static async Task BreachedAsync(Task<string?> breach)
    {
        if (await breach is null)
        {
            await Task.Delay(Timeout.Infinite);
        }
    }

    /// <summary>Completes only when the output could not be read, which is never the command's doing.</summary>
    private static async Task FailedAsync(Task reading)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!reading.IsFaulted)
        {
            await Task.Delay(Timeout.Infinite);
        }
    }

    private static async Task WriteAsync(Process process, string? input)
    {
        try
        {
            await using var pipe = process.StandardInput.BaseStream;
            await pipe.WriteAsync(Encoding.UTF8.GetBytes(input ?? ""));
        }
        catch (IOException)
        {
            // The command ended, or closed its input, before it had read everything: its own affair.
        }
    }

    private static async Task KillAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync(CancellationToken.None);
    }
}
