using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Host.Client;
using AiCd.Host.CommandLine;
using AiCd.Host.Output;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Operating;

/// <param name="api">Owned by the installation.</param>
internal sealed class ServerInstallation(ApiClient api, Screen screen) : IInstallation
{
    private static readonly Dictionary<string, string> Options = new()
    {
        ["concurrency"] = "--concurrency",
        ["startsPerSecond"] = "--rate",
    };

    public Task<ClusterResponse> ClusterAsync(CancellationToken cancellationToken) => api.GetAsync<ClusterResponse>("cluster", cancellationToken);

    public async Task<IReadOnlyList<PoolLine>> PoolsAsync(CancellationToken cancellationToken) => LinesOf(await api.GetAsync<PoolList>("pools", cancellationToken));

    public async Task<IReadOnlyList<PoolLine>> ChangePoolAsync(Stage stage, PoolRequest change, CancellationToken cancellationToken)
    {
        try
        {
            return LinesOf(await api.PatchAsync<PoolList>($"pools/{WireNames.Of(stage)}", change, cancellationToken));
        }
        catch (ApiException refused)
        {
            throw refused.About($"Pool {WireNames.Of(stage)}", Options);
        }
    }

    public Task DrainAsync(string node, bool drained, CancellationToken cancellationToken) =>
        AskAsync("NODE", () => api.PostAsync<ClusterResponse>($"cluster/nodes/{Uri.EscapeDataString(node)}/{(drained ? "drain" : "undrain")}", null, null, cancellationToken));

    public Task RebalanceAsync(CancellationToken cancellationToken) => api.PostAsync<ClusterResponse>("cluster/rebalance", null, null, cancellationToken);

    public Task<ActorList> ActorsAsync(int limit, CancellationToken cancellationToken) =>
        api.GetAsync<ActorList>(string.Create(CultureInfo.InvariantCulture, $"actors?limit={limit}"), cancellationToken);

    public async IAsyncEnumerable<WatchedEvent> TailAsync(WatchFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var conditions = (IEnumerable<(string Name, string? Value)>)
        [
            ("tenant", filter.Tenant),
            ("job", filter.Job?.Value),
            ("event", filter.Event),
            ("state", filter.State is { } state ? WireNames.Of(state) : null),
        ];
        var query = string.Join('&', conditions.Where(condition => condition.Value is not null).Select(condition => $"{condition.Name}={Uri.EscapeDataString(condition.Value!)}"));
        using var connection = new ServerConnection(api, query.Length > 0 ? $"journal/stream?{query}" : "journal/stream", screen.Note, TimeProvider.System);
        while (await connection.NextAsync(cancellationToken) is var (name, data))
        {
            if (name == "event")
            {
                yield return JsonSerializer.Deserialize<WatchedEvent>(data, ApiClient.Json)!;
            }
        }
    }

    public async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellationToken) =>
        (await api.GetAsync<DeadLetterList>(string.Create(CultureInfo.InvariantCulture, $"dead-letters?limit={limit}"), cancellationToken)).Items;

    public Task<DeadLetter> RedriveAsync(string kind, string id, CancellationToken cancellationToken) =>
        AskAsync("ID", () => api.PostAsync<DeadLetter>($"dead-letters/{Uri.EscapeDataString(kind)}/{Uri.EscapeDataString(id)}/redrive", null, null, cancellationToken));

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ApiException refused) when (refused.ExitCode is ExitCodes.BadInput or ExitCodes.Refuted)
        {
            throw refused.About(what, new Dictionary<string, string> { ["node"] = "NODE", ["kind"] = "KIND" });
        }
    }

    private static IReadOnlyList<PoolLine> LinesOf(PoolList pools) =>
        [.. pools.Items.Select(pool => new PoolLine(
            pool.Stage, pool.Concurrency, pool.StartsPerSecond, pool.Paused, pool.Running, pool.Waiting, pool.Delayed, pool.Held))];
}
