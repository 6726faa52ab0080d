using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Local;

/// <summary>A repository, and a job whose commit waits to be pushed.</summary>
public abstract class LocalForgeFixture : IAsyncLifetime
{
    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected ManualTimeProvider Clock { get; } = new();

    private protected TestForge Forge { get; private set; } = null!;

    private protected GitRepository Source { get; private set; } = null!;

    private protected JobId Job { get; } = TestForge.NewJob();

    private protected WorkspaceCommit Commit { get; private set; } = null!;

    private protected PullRequestDraft Draft => TestForge.Draft(Source, Job, Commit.Change);

    private protected string BranchName => Draft.Branch;

    public async ValueTask InitializeAsync()
    {
        Forge = new TestForge(Clock);
        Source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        Commit = await Forge.CommitAsync(Source, Job, new FileChange("a", "1\n2\n"));
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Source.Dispose();
        Forge.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected Task PushAsync(PullRequestDraft draft) =>
        Forge.Forge.PushAsync(draft, _ => Task.FromResult(Commit.Bundle), Cancel);
}
