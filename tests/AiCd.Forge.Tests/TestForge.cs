using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Local;
using AiCd.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Forge.Tests;

/// <summary>This part as a node has it, on a data folder of its own.</summary>
internal sealed class TestForge : IDisposable
{
    private static uint _jobs;

    private readonly TemporaryFolder _data = new();
    private readonly ServiceProvider _services;

    public TestForge(params (string Key, string Value)[] settings)
        : this(TimeProvider.System, settings)
    {
    }

    public TestForge(TimeProvider clock, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value))
            .Build();
        _services = new ServiceCollection().AddLogging().AddSingleton(clock).AddAiCdForge(configuration, _data.Location).BuildServiceProvider();
    }

    public string DataFolder => _data.Location;

    public IWorkspaces Workspaces => Get<IWorkspaces>();

    public IForge Forge => Get<IForge>();

    public LocalPullRequests PullRequests => Get<LocalPullRequests>();

    public static JobId NewJob() => JobId.Create(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), 1, Interlocked.Increment(ref _jobs));

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task<IWorkspace> OpenAsync(
        GitRepository repository, JobId job, string attempt = "a1", CommittedChange? from = null, byte[]? bundle = null, string baseBranch = "main") =>
        Workspaces.OpenAsync(
            new WorkspaceRequest(job, "default", repository.Location, baseBranch, attempt, from, bundle is null ? null : _ => Task.FromResult(bundle)),
            TestContext.Current.CancellationToken);

    /// <summary>A commit as a coding attempt makes it.</summary>
    public async Task<WorkspaceCommit> CommitAsync(GitRepository repository, JobId job, params FileChange[] changes)
    {
        await using var workspace = await OpenAsync(repository, job, attempt: $"a{Guid.NewGuid():N}");
        return await workspace.CommitAsync(Result(changes), TestContext.Current.CancellationToken);
    }

    public static CodeResult Result(params FileChange[] changes) => new("Change things", "Changed things", changes);

    public static CodeResult Result(string message, params FileChange[] changes) => new(message, "Changed things", changes);

    public static PullRequestDraft Draft(GitRepository repository, JobId job, CommittedChange change, string? branch = null) =>
        new(job, "default", repository.Location, "main", branch ?? $"aicd/{job}-change", change, "Change things", "Because.");

    public void Dispose()
    {
        _services.Dispose();
        _data.Dispose();
    }
}
