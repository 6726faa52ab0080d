using AiCd.Host.Tests.EndToEnd;

namespace AiCd.Host.Tests.Operating;

/// <summary>One job that was completed and one that failed, and the server that runs on their data folder since.</summary>
public sealed class ServedJobs : IAsyncLifetime
{
    private readonly TwoJobs _jobs = new();

    internal RunningServer Server { get; private set; } = null!;

    public string Data => _jobs.Data;

    public string Repository => _jobs.Repository;

    public string Completed => _jobs.Completed;

    public string Failed => _jobs.Failed;

    public async ValueTask InitializeAsync()
    {
        await _jobs.InitializeAsync();
        Server = await RunningServer.StartAsync(Data);
        await Server.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _jobs.DisposeAsync();
    }
}
