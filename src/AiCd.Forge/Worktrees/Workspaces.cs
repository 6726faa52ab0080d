using AiCd.Actors.Jobs;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.GitHub;
using AiCd.Forge.Repositories;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.Worktrees;

/// <summary>Worktrees of repositories, each with its index beside it and its objects in the repository's mirror.</summary>
internal sealed class Workspaces(
    GitRunner git,
    SourceRepositories sources,
    GitHubRepositories gitHub,
    Branches branches,
    DirtyTree dirtyTree,
    Mirrors mirrors,
    StartingPoints startingPoints,
    CommitMaker commits,
    DiffReader diffs,
    BaseFiles baseFiles,
    string dataFolder,
    ILogger<Workspaces> logger) : IWorkspaces
{
    public async Task<RepositoryTarget> ResolveAsync(string tenant, string repository, string? baseBranch, CancellationToken cancellationToken)
    {
        if (gitHub.Named(repository) is { } name)
        {
            return await gitHub.ResolveAsync(tenant, name, baseBranch, cancellationToken);
        }

        var source = await sources.FindAsync(repository, cancellationToken);
        var (branch, sha) = await branches.ResolveBaseAsync(source, baseBranch, cancellationToken);
        string?[] notices = [source.Notice, await dirtyTree.NoticeAsync(source, branch, cancellationToken)];
        var notice = string.Join(' ', notices.OfType<string>());
        return new RepositoryTarget(source.Path, branch, sha, notice.Length == 0 ? null : notice);
    }

    public async Task<byte[]?> ReadBaseFileAsync(string tenant, RepositoryTarget target, string path, int maxBytes, CancellationToken cancellationToken)
    {
        if (gitHub.Named(target.Repository) is { } name)
        {
            return await gitHub.ReadFileAsync(tenant, name, target.BaseSha, path, maxBytes, cancellationToken);
        }

        var source = await sources.FindAsync(target.Repository, cancellationToken);
        return await baseFiles.ReadAsync(source.Place, target.BaseSha, path, maxBytes, cancellationToken);
    }

    public async Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        var layout = WorktreeLayout.Of(dataFolder, request.Job, request.AttemptId);
        if (await ResumeAsync(request, layout, cancellationToken) is { } resumed)
        {
            return resumed;
        }

        var start = await startingPoints.PrepareAsync(request, cancellationToken);

        // A crash of the same attempt may have left one.
        FolderRemoval.Delete(layout.Folder);
        PrivateFolder.Create(layout.Folder);
        PrivateFolder.Create(layout.Tree);
        var place = start.Mirror.Place with { WorkTree = layout.Tree, Index = layout.Index };
        await git.RunAsync(place.Command("read-tree", "--reset", "-u", start.Commit), cancellationToken);
        await new WorktreeOrigin(start.BaseSha, start.Commit, [request.AttemptId]).WriteAsync(layout, cancellationToken);
        return Open(request, layout, start, resumed: false);
    }

    public Task<IReadOnlyList<JobId>> ListAsync(CancellationToken cancellationToken) => Task.Run(() => WorktreeLayout.JobsIn(dataFolder), cancellationToken);

    public async Task RemoveAsync(JobId job, CancellationToken cancellationToken)
    {
        var layout = WorktreeLayout.Of(dataFolder, job, attempt: "");
        if (File.Exists(layout.MirrorNote))
        {
            var folder = await File.ReadAllTextAsync(layout.MirrorNote, cancellationToken);
            using var locked = await mirrors.LockExistingAsync(folder, cancellationToken);
            if (locked is not null)
            {
                await locked.Mirror.UnpinAsync(JobRefs.All(job), cancellationToken);
                await locked.Mirror.TidyAsync(cancellationToken);
            }
        }

        // Last, because the note in it is what a second try after a crash needs.
        FolderRemoval.Delete(layout.JobFolder);
    }

    private async Task<IWorkspace?> ResumeAsync(WorkspaceRequest request, WorktreeLayout layout, CancellationToken cancellationToken)
    {
        if (request.Resume is not { } earlier || await WorktreeOrigin.FindAsync(layout, earlier, cancellationToken) is not var (found, origin))
        {
            return null;
        }

        var start = await startingPoints.ResumeAsync(request, origin, cancellationToken);
        if (start is null)
        {
            FolderRemoval.Delete(found.Folder);
            return null;
        }

        if (found.Folder != layout.Folder)
        {
            Directory.Move(found.Folder, layout.Folder);
        }

        await (origin with { Owners = [.. origin.Owners, request.AttemptId] }).WriteAsync(layout, cancellationToken);
        return Open(request, layout, start, resumed: true);
    }

    private Workspace Open(WorkspaceRequest request, WorktreeLayout layout, StartingPoint start, bool resumed) => new(
        layout,
        start.Mirror.Place with { WorkTree = layout.Tree, Index = layout.Index },
        start,
        new JobAttempt(request.Job, request.AttemptId),
        resumed,
        commits,
        diffs,
        baseFiles,
        logger);
}
