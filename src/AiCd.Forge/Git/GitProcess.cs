using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using AiCd.Actors.Ports;

namespace AiCd.Forge.Git;

/// <summary>One git process from its start to its end; on cancellation the whole tree of it ends.</summary>
internal sealed partial class GitProcess : IDisposable
{
    private const int ErrorTail = 4096;
    private const int Terminate = 15;

    // On SIGTERM git removes its lock and temporary files, which matters in a repository that is not ours.
    private static readonly TimeSpan TimeToCleanUp = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly Task<(byte[] Kept, long Total)> _output;
    private readonly Task<byte[]> _errors;
    private readonly Task _end;

    private GitProcess(Process process, GitCommand command)
    {
        _process = process;
        _output = BoundedOutput.ReadHeadAsync(process.StandardOutput.BaseStream, command.OutputLimit);
        _errors = BoundedOutput.ReadTailAsync(process.StandardError.BaseStream, ErrorTail);
        _end = Task.WhenAll(WriteAsync(command.Input), _output, _errors, process.WaitForExitAsync());
    }

    public static GitProcess Start(string executable, GitCommand command, GitHome home)
    {
        var start = new ProcessStartInfo(executable, command.Arguments)
        {
            WorkingDirectory = command.Folder ?? home.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in GitEnvironment.For(command, home))
        {
            start.Environment[name] = value;
        }

        try
        {
            return new GitProcess(Process.Start(start)!, command);
        }
        catch (Win32Exception e)
        {
            throw new StageException(FaultKind.Permanent, "git_not_found", $"'{executable}' could not be started: {e.Message}", e);
        }
    }

    /// <exception cref="OperationCanceledException">Cancelled; the processes have ended.</exception>
    public async Task<GitOutput> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _end.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await EndAsync();
            throw;
        }

        var (kept, total) = await _output;
        return new GitOutput(_process.ExitCode, kept, total, Encoding.UTF8.GetString(await _errors).Trim());
    }

    public void Dispose()
    {
        // Process leaves pipes that were asked for to the garbage collector.
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> input)
    {
        try
        {
            await using var pipe = _process.StandardInput.BaseStream;
            await pipe.WriteAsync(input);
        }
        catch (IOException)
        {
            // Git ended before it had read everything; its exit status says why.
        }
    }

    private async Task EndAsync()
    {
        if (!_process.HasExited && !OperatingSystem.IsWindows())
        {
            _ = SendSignal(_process.Id, Terminate);
            await Task.WhenAny(_end, Task.Delay(TimeToCleanUp, CancellationToken.None));
        }

        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
