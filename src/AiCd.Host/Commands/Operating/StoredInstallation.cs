using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Actors.Stages;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Steering;
using AiCd.Host.Composition;
using AiCd.Web.Operations;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Commands.Operating;

/// <summary>What the store tells. Nodes that share it look every so often at what is set in it; in a data folder without a node, a job that is redriven is begun by the one that comes.</summary>
/// <param name="scope">Owned by the installation; it owns the store.</param>
internal sealed class StoredInstallation(CommandScope scope, IStore store) : IInstallation
{
    private static readonly TimeSpan Polling = TimeSpan.FromMilliseconds(250);

    private readonly ClusterControl _control = new(store);
    private SqlWebStore? _web;

    /// <summary>Brings word to the nodes of a cluster.</summary>
    private EngineNode? _messenger;

    public Task<ClusterResponse> ClusterAsync(CancellationToken cancellationToken) => ClusterReader.ReadAsync(store, self: "", cancellationToken);

    public async Task<IReadOnlyList<PoolLine>> PoolsAsync(CancellationToken cancellationToken)
    {
        var changed = (await store.PoolSettings.ReadAsync(cancellationToken)).ToDictionary(setting => setting.Stage);
        var stages = scope.Get<EngineOptions>().Stages;
        return [.. Enum.GetValues<Stage>().Select(stage =>
        {
            var setting = changed.GetValueOrDefault(stage);
            return new PoolLine(
                stage, setting?.Concurrency ?? stages[stage].Concurrency, setting?.StartsPerSecond ?? stages[stage].StartsPerSecond, setting?.Paused ?? false);
        })];
    }

    public async Task<IReadOnlyList<PoolLine>> ChangePoolAsync(Stage stage, PoolRequest change, CancellationToken cancellationToken)
    {
        await store.PoolSettings.WriteAsync(
            await PoolSetting.OverAsync(store.PoolSettings, stage, change.Concurrency, change.StartsPerSecond, change.Paused, cancellationToken), cancellationToken);
        return await PoolsAsync(cancellationToken);
    }

    public async Task DrainAsync(string node, bool drained, CancellationToken cancellationToken)
    {
        try
        {
            await (drained ? _control.DrainAsync(node, cancellationToken) : _control.UndrainAsync(node, cancellationToken));
        }
        catch (NodeChoiceException choice)
        {
            throw CommandException.BadInput($"NODE: {choice.Message}");
        }
    }

    public Task RebalanceAsync(CancellationToken cancellationToken) => _control.RebalanceAsync(cancellationToken);

    public Task<ActorList> ActorsAsync(int limit, CancellationToken cancellationToken) => throw new CommandException(
        ExitCodes.Environment, "actors: expected a server, named by --server or running on the data folder, because actors live in the process of a node");

    public async IAsyncEnumerable<WatchedEvent> TailAsync(WatchFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = new JournalWatch(store, scope.Get<TimeProvider>());
        await foreach (var events in watch.FollowAsync(await watch.HeadsAsync(cancellationToken), filter, Polling, cancellationToken))
        {
            foreach (var e in events)
            {
                yield return e;
            }
        }
    }

    public async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellationToken) =>
        await (await LettersAsync(forChange: false, cancellationToken)).ListAsync(limit, cancellationToken);

    public async Task<DeadLetter> RedriveAsync(string kind, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await (await LettersAsync(forChange: true, cancellationToken)).RedriveAsync(kind, id, cancellationToken);
        }
        catch (ProblemException refused)
        {
            throw new CommandException(
                refused.Problem.Status == StatusCodes.Status409Conflict ? ExitCodes.Refuted : ExitCodes.BadInput, $"{(refused.Problem.Field == "kind" ? "KIND" : "ID")}: {refused.Message}", refused);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_messenger is not null)
        {
            await _messenger.DisposeAsync();
        }

        if (_web is not null)
        {
            await _web.DisposeAsync();
        }

        await scope.DisposeAsync();
    }

    private async Task<DeadLetters> LettersAsync(bool forChange, CancellationToken cancellationToken)
    {
        _web = forChange
            ? await WebStoreOpener.OpenAsync(store, scope.Settings.DataFolder, scope.Get<TimeProvider>(), scope.Get<ILoggerFactory>().CreateLogger<OpenedWebStore>(), cancellationToken)
            : await WebStoreOpener.OpenReadOnlyAsync(store, scope.Settings.DataFolder, cancellationToken);
        if (forChange && store.IsShared && (await store.Nodes.ReadAsync(cancellationToken)).Nodes.Any(node => node.HasShare))
        {
            var options = scope.Get<EngineOptions>();
            options.Role = EngineOptions.WebRole;
            _messenger = await EngineNode.StartAsync(
                new PausedStore(store), scope.Get<IStageWork>(), options, recover: false, scope.Get<TimeProvider>(), scope.Get<ILogger<EngineNode>>(), cancellationToken);
        }

        return new DeadLetters(store, _web, _messenger is { } messenger ? () => messenger.Gateway : null, scope.Get<TimeProvider>());
    }
}
