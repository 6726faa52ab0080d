using System.Globalization;
using AiCd.Benchmarks.Cluster.Node;
using AiCd.Testing;

namespace AiCd.Benchmarks.Cluster;

/// <summary>A node as its operator sees it: a process that is started, stopped, paused, killed, and started again.</summary>
internal sealed class ClusterNode(string name, NodeSettings settings, string connectionString, ClusterLog log) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, typeof(ClusterNode).Assembly.GetName().Name!);

    // Those that have ended too: somebody may be about to ask one for something.
    private readonly List<RunningProcess> _processes = [];
    private volatile RunningProcess? _process;
    private Task _following = Task.CompletedTask;
    private TaskCompletionSource<string> _ready = new();

    public string Name { get; } = name;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>True once the process has said that it has joined.</summary>
    public bool IsReady => IsRunning && _ready.Task.IsCompletedSuccessfully;

    /// <summary>The exit code of a process that has ended by itself, or null.</summary>
    public int? ExitCode => _process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>What the process wrote to standard error last.</summary>
    public string LastErrors => string.Join('\n', _process?.Errors.TakeLast(30) ?? []);

    /// <summary>The incarnation that the node last spoke of: one that loses its lease begins another.</summary>
    public string? LastIncarnation { get; private set; }

    /// <summary>Starts the process; <see cref="ReadyAsync"/> tells its incarnation once it has joined.</summary>
    public async Task StartAsync()
    {
        await _following;
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ready = ready;
        var process = ProcessRunner.Start(ProcessRunner.Command(Executable, ["node"], settings.ToEnvironment(Name, connectionString)));
        _processes.Add(process);
        _process = process;
        _following = Task.Run(() => FollowAsync(process, ready));
    }

    public Task<string> ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(Patience, cancellationToken);

    /// <summary>Orders a submission; the log tells when it was acknowledged.</summary>
    /// <returns>False where the node does not listen.</returns>
    public bool Submit(ScriptedJob job)
    {
        if (!IsReady)
        {
            return false;
        }

        try
        {
            // One write: two at once must not mix their lines.
            lock (_processes)
            {
                _process!.Input.Write(string.Create(CultureInfo.InvariantCulture, $"submit {job.Number} {job.Script}\n"));
                _process.Input.Flush();
            }

            return true;
        }
        catch (IOException)
        {
            // It was killed this very moment.
            return false;
        }
    }

    public Task KillAsync(CancellationToken cancellationToken) => _process!.KillAsync(cancellationToken);

    /// <summary>Asks for an orderly end and waits for it.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        await _process!.SignalAsync(Signal.Terminate, cancellationToken);
        return await _process.WaitForExitAsync(Patience, cancellationToken);
    }

    public Task PauseAsync(CancellationToken cancellationToken) => _process!.SignalAsync(Signal.Stop, cancellationToken);

    public Task ContinueAsync(CancellationToken cancellationToken) => _process!.SignalAsync(Signal.Continue, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _following;
    }

    private async Task FollowAsync(RunningProcess process, TaskCompletionSource<string> ready)
    {
        await foreach (var text in process.FollowOutputAsync())
        {
            // The last line of a process that was killed may be half a one.
            if (!text.EndsWith('}'))
            {
                continue;
            }

            var line = NodeLine.Parse(text);
            log.Add(line);
            LastIncarnation = line.Incarnation ?? LastIncarnation;
            if (line.Kind == NodeLineKinds.Ready)
            {
                ready.TrySetResult(line.Incarnation!);
            }
        }

        ready.TrySetException(new InvalidOperationException($"Node {Name} ended before it was ready:\n{string.Join('\n', process.Output.TakeLast(10))}\n{string.Join('\n', process.Errors.TakeLast(20))}"));
        _ = ready.Task.Exception;
    }
}
