using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.Worktrees;

internal sealed class Workspace(
    WorktreeLayout layout,
    GitPlace place,
    StartingPoint start,
    JobAttempt owner,
    bool resumed,
    CommitMaker commits,
    DiffReader diffs,
    BaseFiles baseFiles,
    ILogger logger) : IWorkspace
{
    private bool _kept;

    public string Path => layout.Tree;

    public string BaseSha => start.BaseSha;

    public bool Resumed => resumed;

    public void Keep() => _kept = true;

    public Task<byte[]?> ReadBaseFileAsync(string path, int maxBytes, CancellationToken cancellationToken) =>
        baseFiles.ReadAsync(start.Mirror.Place, BaseSha, path, maxBytes, cancellationToken);

    public Task<IReadOnlyList<string>> ChangedPathsAsync(string commitSha, CancellationToken cancellationToken) =>
        diffs.PathsAsync(start.Mirror.Place, BaseSha, commitSha, cancellationToken);

    public Task<string> DiffAsync(string commitSha, CancellationToken cancellationToken) =>
        diffs.ReadAsync(start.Mirror.Place, BaseSha, commitSha, cancellationToken);

    public Task<WorkspaceCommit> CommitAsync(CodeResult result, CancellationToken cancellationToken) =>
        commits.CommitAsync(new CommitRequest(place, start, owner, result), cancellationToken);

    /// <summary>Never fails: work that is done is not undone by a folder that resists; removing the job tries again.</summary>
    public ValueTask DisposeAsync()
    {
        if (_kept)
        {
            return ValueTask.CompletedTask;
        }

        try
        {
            FolderRemoval.Delete(layout.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.WorktreeNotDeleted(layout.Folder, e);
        }

        return ValueTask.CompletedTask;
    }
}
