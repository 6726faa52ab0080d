using System.Diagnostics;

namespace AiCd.Testing;

/// <summary>A process under the test's control. Dispose kills it, with what it has started, if it still runs.</summary>
public sealed class RunningProcess : IAsyncDisposable
{
    // What a process wrote is read within this after its end, unless a child of its holds the pipe open.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly LineLog _output = new();
    private readonly LineLog _errors = new();
    private readonly Task _reading;
    private bool _disposed;

    internal RunningProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        _reading = Task.WhenAll(_output.ReadAsync(process.StandardOutput), _errors.ReadAsync(process.StandardError));
    }

    public int Id { get; }

    /// <summary>The lines written to standard output so far.</summary>
    public IReadOnlyList<string> Output => _output.Snapshot();

    /// <summary>The lines written to standard error so far.</summary>
    public IReadOnlyList<string> Errors => _errors.Snapshot();

    public bool HasExited => _process.HasExited;

    /// <summary>The exit code; 128 plus the signal's number for a process that a signal ended.</summary>
    public int ExitCode => _process.ExitCode;

    public TextWriter Input => _process.StandardInput;

    /// <summary>The first line on standard output that fits, whether it came already or is still to come.</summary>
    public Task<string> WaitForLineAsync(
        Func<string, bool> fits, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitForLineAsync(_output, fits, timeout, cancellationToken);

    /// <summary>The lines of standard output as they come, from the first on, until it ends.</summary>
    public IAsyncEnumerable<string> FollowOutputAsync(CancellationToken cancellationToken = default) => _output.FollowAsync(cancellationToken);

    /// <summary>The same on standard error.</summary>
    public Task<string> WaitForErrorLineAsync(
        Func<string, bool> fits, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitForLineAsync(_errors, fits, timeout, cancellationToken);

    /// <summary>Waits for the end of the process and of what it wrote, and returns the exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Describe()} did not end within {timeout}.{Written()}");
        }

        await Task.WhenAny(_reading, Task.Delay(DrainTime, cancellationToken));
        return _process.ExitCode;
    }

    /// <summary>SIGKILL to this process alone, as a crash would end it: its children live on. Returns when it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        await SignalAsync(Signal.Kill, cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Sends a signal. A stop is complete when this returns: the kernel has taken every thread off the processor.</summary>
    public async Task SignalAsync(Signal signal, CancellationToken cancellationToken = default)
    {
        if (_process.HasExited || !NativeSignals.Send(Id, signal))
        {
            return;
        }

        if (signal is Signal.Stop)
        {
            await Eventually.HoldsAsync(() => _process.HasExited || ProcessTable.IsStopped(Id), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            var family = ProcessTable.DescendantsOf(Id);
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            await ProcessTable.WaitForEndAsync(family, CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task<string> WaitForLineAsync(
        LineLog log, Func<string, bool> fits, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            return await log.FindAsync(fits, deadline.Token)
                ?? throw new InvalidOperationException($"{Describe()} ended without the awaited line.{Written()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{Describe()} did not write the awaited line within {timeout}.{Written()}");
        }
    }

    private string Describe() => $"Process {Id} (`{ProcessRunner.Describe(_process.StartInfo)}`)";

    private string Written() =>
        $"\nstandard output:\n{string.Join('\n', Output)}\nstandard error:\n{string.Join('\n', Errors)}";
}
