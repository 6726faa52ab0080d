using System.Globalization;
using AiCd.Benchmarks.Cluster.Node;
using AiCd.Testing;

namespace AiCd.Benchmarks.Cluster;

/// <summary>A node as its operator sees it: a process that is started, stopped, paused, killed, and started again.</summary>
internal sealed class ClusterNode(string name, NodeSettings settings, string connectionString, ClusterLog log) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, typeof(ClusterNode).Assembly.GetName().Name!);

    private RunningProcess? _process;
    private Task _following = Task.CompletedTask;
    private TaskCompletionSource<string> _ready = new();

    public string Name { get; } = name;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The exit code of a process that has ended by itself, or null.</summary>
    public int? ExitCode => _process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>Starts the process; <see cref="ReadyAsync"/> tells its incarnation once it has joined.</summary>
    public async Task StartAsync()
    {
        await DisposeAsync();
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ready = ready;
        _process = ProcessRunner.Start(ProcessRunner.Command(Executable, ["node"], settings.ToEnvironment(Name, connectionString)));
        _following = Task.Run(() => FollowAsync(_process, ready));
    }

    public Task<string> ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(Patience, cancellationToken);

    /// <summary>Orders a submission; the log tells when it was acknowledged.</summary>
    /// <returns>False where the node does not listen.</returns>
    public async Task<bool> SubmitAsync(ScriptedJob job)
    {
        if (!IsRunning || !_ready.Task.IsCompletedSuccessfully)
        {
            return false;
        }

        try
        {
            await _process!.Input.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"submit {job.Number} {job.Script}"));
            await _process.Input.FlushAsync();
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
        if (_process is not null)
        {
            await _process.DisposeAsync();
            await _following;
        }
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
            if (line.Kind == NodeLineKinds.Ready)
            {
                ready.TrySetResult(line.Incarnation!);
            }
        }

        ready.TrySetException(new InvalidOperationException($"Node {Name} ended before it was ready:\n{string.Join('\n', process.Output.TakeLast(10))}\n{string.Join('\n', process.Errors.TakeLast(20))}"));
        _ = ready.Task.Exception;
    }
}
