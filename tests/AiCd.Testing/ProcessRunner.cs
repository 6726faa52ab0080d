using System.Diagnostics;

namespace AiCd.Testing;

/// <summary>Runs and starts real processes; arguments are lists, never shell text.</summary>
public static class ProcessRunner
{
    /// <summary>Runs a command to its end. Its whole process tree is killed if the token is cancelled before that.</summary>
    public static async Task<ProcessResult> RunAsync(
        ProcessStartInfo command, string? input = null, CancellationToken cancellationToken = default)
    {
        using var process = StartRedirected(command);
        try
        {
            // All three at once: a process blocks as soon as one of its pipes is full.
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProcessResult(Describe(command), process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public static Task<ProcessResult> RunAsync(
        string file, IEnumerable<string> arguments, CancellationToken cancellationToken = default) =>
        RunAsync(Command(file, arguments), input: null, cancellationToken);

    /// <summary>Starts a process that runs until it is told to end, or the object is disposed.</summary>
    public static RunningProcess Start(ProcessStartInfo command) => new(StartRedirected(command));

    /// <summary>A command on the environment of this process; a variable whose value is null is removed.</summary>
    public static ProcessStartInfo Command(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingFolder = null)
    {
        var command = new ProcessStartInfo(file, arguments) { WorkingDirectory = workingFolder ?? "" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            command.Environment[name] = value;
        }

        return command;
    }

    internal static string Describe(ProcessStartInfo command) =>
        string.Join(' ', [command.FileName, .. command.ArgumentList]);

    internal static Process StartRedirected(ProcessStartInfo command)
    {
        command.RedirectStandardInput = true;
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        return Process.Start(command) ?? throw new InvalidOperationException($"{command.FileName} did not start.");
    }

    private static async Task WriteAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        await using var pipe = process.StandardInput;
        if (input is not null)
        {
            await pipe.WriteAsync(input.AsMemory(), cancellationToken);
        }
    }
}
