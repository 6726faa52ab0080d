using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Host.Composition;
using AiCd.Host.Driving;

namespace AiCd.Host.Jobs;

/// <summary>The jobs of a store, read beside whoever writes to it.</summary>
/// <param name="scope">Owned by the source; it owns the store.</param>
internal sealed class StoredJobs(CommandScope scope, IStore store) : IJobSource
{
    private readonly StoredJobFollower _follower = new(store.Journal, scope.Get<TimeProvider>());

    public IStore Store => store;

    public (string Label, string Text) Place => ("Data folder", scope.Settings.DataFolder);

    public Task<IReadOnlyList<ListedJob>> ListAsync(JobState? state, int limit, CancellationToken cancellationToken) =>
        new JobList(store).ReadAsync(state, limit, cancellationToken);

    public Task<JobId> FindAsync(string text, string what, CancellationToken cancellationToken) => JobFinder.FindAsync(store, text, what, cancellationToken);

    public IAsyncEnumerable<JobRecorded> ReadAsync(JobId job, CancellationToken cancellationToken) => JobHistory.ReadAsync(store.Journal, job, cancellationToken);

    public IAsyncEnumerable<JournalRow> RowsAsync(JobId job, CancellationToken cancellationToken) => store.Journal.ReadJobsAsync([job], cancellationToken);

    public Task<byte[]?> FindContentAsync(JobId job, string tenant, string sha256, CancellationToken cancellationToken) =>
        store.Artifacts.FindAsync(tenant, sha256, cancellationToken);

    public async IAsyncEnumerable<JobSignal> FollowAsync(JobId job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (recorded, _) in _follower.FollowAsync(job, cancellationToken))
        {
            yield return recorded;
        }
    }

    public ArtifactReader ArtifactsOf(JobId job) => scope.Get<ArtifactReader>();

    public async Task<bool> IsDrivenAsync(CancellationToken cancellationToken) => (await store.Nodes.ReadAsync(cancellationToken)).Nodes.Count > 0;

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
