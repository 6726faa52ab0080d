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

    public async Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        var layout = WorktreeLayout.Of(dataFolder, request.Job, request.AttemptId);
        var start = await startingPoints.PrepareAsync(request, cancellationToken);

        // A crash of the same attempt may have left one.
        FolderRemoval.Delete(layout.Folder);
        PrivateFolder.Create(layout.Folder);
        PrivateFolder.Create(layout.Tree);
        var place = start.Mirror.Place with { WorkTree = layout.Tree, Index = layout.Index };
        await git.RunAsync(place.Command("read-tree", "--reset", "-u", start.Commit), cancellationToken);
        return new Workspace(layout, place, start, new JobAttempt(request.Job, request.AttemptId), commits, diffs, logger);
    }

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
}
