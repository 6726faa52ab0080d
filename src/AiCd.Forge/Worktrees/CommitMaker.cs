using System.Globalization;
using System.Text;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Worktrees;

/// <summary>Makes one commit upon the base of what an attempt left in its worktree.</summary>
internal sealed class CommitMaker(
    GitRunner git, Staging staging, TreeGuard guard, DiffReader diffs, Mirrors mirrors, ForgeOptions options, TimeProvider clock)
{
    /// <exception cref="StageException">A path is refused, or nothing was changed.</exception>
    public async Task<WorkspaceCommit> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        var tree = await staging.StageAsync(request.Place, request.Result.Changes, cancellationToken);
        await RequireChangeAsync(request.Start, tree, cancellationToken);
        await guard.CheckAsync(request.Start.Mirror.Place, request.Start.BaseSha, tree, cancellationToken);

        var message = CommitMessage.Of(request.Result.CommitMessage, request.Owner.Job);
        var commit = await MakeAsync(request.Start, tree, message, cancellationToken);
        var pin = JobRefs.Commit(request.Owner.Job, request.Owner.Attempt);
        using (var locked = await mirrors.LockAsync(request.Start.Mirror, cancellationToken))
        {
            await locked.Mirror.PinAsync(pin, commit, cancellationToken);
        }

        var place = request.Start.Mirror.Place;
        var (files, insertions, deletions) = await diffs.CountAsync(place, request.Start.BaseSha, commit, cancellationToken);
        var change = new CommittedChange(commit, tree, request.Start.BaseSha, message, files, insertions, deletions);
        var diff = await diffs.ReadAsync(place, request.Start.BaseSha, commit, cancellationToken);
        return new WorkspaceCommit(change, diff, await BundleAsync(place, pin, request.Start.BaseSha, cancellationToken));
    }

    /// <summary>An attempt that gives back what it was given has done nothing, in the first round and in any later one.</summary>
    private static async Task RequireChangeAsync(StartingPoint start, string tree, CancellationToken cancellationToken)
    {
        foreach (var earlier in new[] { start.BaseSha, start.Commit })
        {
            if (tree == (await start.Mirror.InspectAsync(earlier, cancellationToken)).Tree)
            {
                throw new StageException(FaultKind.Transient, "no_changes", earlier == start.BaseSha
                    ? "The attempt changed nothing that git would commit"
                    : "The attempt changed nothing of what the review had rejected");
            }
        }
    }

    private async Task<string> MakeAsync(StartingPoint start, string tree, string message, CancellationToken cancellationToken)
    {
        var date = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + " +0000";
        var command = start.Mirror.Place.Command("commit-tree", "-p", start.BaseSha, "-F", "-", tree) with
        {
            Input = Encoding.UTF8.GetBytes(message + "\n"),
            Variables = new Dictionary<string, string>
            {
                ["GIT_AUTHOR_NAME"] = options.AuthorName,
                ["GIT_AUTHOR_EMAIL"] = options.AuthorEmail,
                ["GIT_AUTHOR_DATE"] = date,
                ["GIT_COMMITTER_NAME"] = options.AuthorName,
                ["GIT_COMMITTER_EMAIL"] = options.AuthorEmail,
                ["GIT_COMMITTER_DATE"] = date,
            },
        };
        return (await git.RunAsync(command, cancellationToken)).Line;
    }

    private async Task<byte[]> BundleAsync(GitPlace place, string name, string baseSha, CancellationToken cancellationToken)
    {
        var command = place.Command("bundle", "create", "--quiet", "-", name, $"^{baseSha}")
            with
        { OutputLimit = options.MaxBundleBytes, CutOutput = true };
        var bundle = await git.RunAsync(command, cancellationToken);
        return bundle.TotalBytes <= options.MaxBundleBytes
            ? bundle.Bytes
            : throw new StageException(FaultKind.Permanent, "change_too_large",
                $"The change takes {bundle.TotalBytes} bytes, expected at most {options.MaxBundleBytes} (AiCd:Git:MaxBundleBytes)");
    }
}
