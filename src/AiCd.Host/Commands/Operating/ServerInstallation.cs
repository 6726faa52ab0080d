using AiCd.Actors.Jobs;
using AiCd.Host.Client;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Operating;

/// <param name="api">Owned by the installation.</param>
internal sealed class ServerInstallation(ApiClient api) : IInstallation
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

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IReadOnlyList<PoolLine> LinesOf(PoolList pools) =>
        [.. pools.Items.Select(pool => new PoolLine(
            pool.Stage, pool.Concurrency, pool.StartsPerSecond, pool.Paused, pool.Running, pool.Waiting, pool.Delayed, pool.Held))];
}
