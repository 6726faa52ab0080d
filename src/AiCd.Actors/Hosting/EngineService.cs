using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Hosting;

/// <summary>
/// A node under the generic host. It starts beside the other services, because recovery may take its time, and stops before them, so
/// that the node's health can be asked for until its last stage has finished.
/// </summary>
public sealed class EngineService(
    IStore store, IStageWork work, EngineOptions options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<EngineNode> logger)
    : IHostedLifecycleService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _starting = Task.CompletedTask;
    private volatile EngineNode? _node;
    private bool _disposed;

    /// <summary>Null before the node has started.</summary>
    public EngineNode? Node => _node;

    public bool IsReady => !_stopping.IsCancellationRequested && _node is { IsReady: true };

    /// <summary>Completes when the node has started, or will not.</summary>
    public Task Started => _starting;

    /// <summary>Why the node could not start, or null.</summary>
    public Exception? Failure { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(StartNodeAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _starting;
        if (_node is { } node)
        {
            await node.StopAsync(options.StopGrace);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Twice does no harm: a container disposes a service once for every way in which it was registered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stopping.CancelAsync();
        await _starting;
        if (_node is { } node)
        {
            await node.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task StartNodeAsync()
    {
        try
        {
            _node = await EngineNode.StartAsync(store, work, options, recover: true, time, logger, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped before it had begun: nothing was taken, or it was given back.
        }
        catch (Exception error)
        {
            Failure = error;
            lifetime.StopApplication();
        }
    }
}
