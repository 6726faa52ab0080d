using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Jobs;

/// <summary>Where commands read jobs: a store, or a server.</summary>
internal interface IJobSource : IAsyncDisposable
{
    /// <summary>What it is, for people.</summary>
    (string Label, string Text) Place { get; }

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<ListedJob>> ListAsync(JobState? state, int limit, CancellationToken cancellationToken);

    /// <param name="text">A job's id or a unique beginning of it.</param>
    /// <param name="what">Names the argument in messages.</param>
    /// <exception cref="CommandException">None has such an id, or several have.</exception>
    Task<JobId> FindAsync(string text, string what, CancellationToken cancellationToken);

    /// <returns>The events that there are now.</returns>
    /// <exception cref="JobQuarantinedException">An event is missing or cannot be understood.</exception>
    IAsyncEnumerable<JobRecorded> ReadAsync(JobId job, CancellationToken cancellationToken);

    /// <returns>The events that there are now, as the journal has them.</returns>
    IAsyncEnumerable<JournalRow> RowsAsync(JobId job, CancellationToken cancellationToken);

    /// <returns>What the job left, exactly; null where it is not there any more.</returns>
    Task<byte[]?> FindContentAsync(JobId job, string tenant, string sha256, CancellationToken cancellationToken);

    /// <returns>Every event once, in order, until the job ends, and what its attempts say meanwhile where the source knows.</returns>
    /// <exception cref="JobQuarantinedException">An event is missing or cannot be understood.</exception>
    IAsyncEnumerable<JobSignal> FollowAsync(JobId job, CancellationToken cancellationToken);

    /// <summary>Reads what the job left.</summary>
    ArtifactReader ArtifactsOf(JobId job);

    /// <returns>True where somebody drives jobs.</returns>
    Task<bool> IsDrivenAsync(CancellationToken cancellationToken);
}
