using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.GitHub;

namespace AiCd.Forge.Repositories;

/// <summary>Finds local repositories, and refuses those that AiCd may not touch.</summary>
internal sealed class SourceRepositories(GitRunner git, ForgeOptions options, GitHubHost gitHub)
{
    /// <exception cref="StageException">There is no such repository, or it is not allowed.</exception>
    public async Task<SourceRepository> FindAsync(string repository, CancellationToken cancellationToken)
    {
        var folder = RepositoryAddress.Parse(repository) switch
        {
            RepositoryAddress.Local local => RealPath.Of(local.Folder),
            _ => throw new StageException(FaultKind.Permanent, "forge_not_supported",
                $"{repository} is on no forge that this node knows: expected a repository on this machine or on {gitHub.WebUrl}"),
        };

        // Before anything is looked at: what lies outside the roots is not even told to be there or not.
        RequireAllowed(folder);
        if (!Directory.Exists(folder))
        {
            throw new StageException(FaultKind.Permanent, "repository_not_found", File.Exists(folder)
                ? $"{folder} is a file: expected the folder of a git repository"
                : $"There is no folder {folder}");
        }

        var found = await DiscoverAsync(folder, cancellationToken);
        RequireAllowed(found.Path);
        RequireAllowed(RealPath.Of(found.GitDirectory));
        RequireAllowed(RealPath.Of(found.CommonDirectory));
        return found.Path == folder ? found : await WithinAsync(found, folder, cancellationToken);
    }

    private async Task<SourceRepository> DiscoverAsync(string folder, CancellationToken cancellationToken)
    {
        // The last question fails where there is no work tree: in a bare repository, and inside of a .git folder.
        var facts = await git.TryRunAsync(
            In(folder, "rev-parse", "--is-bare-repository", "--absolute-git-dir", "--path-format=absolute", "--git-common-dir", "--show-toplevel"), cancellationToken);
        return facts.Lines switch
        {
            ["true", var gitDirectory, var common] => Found(gitDirectory, gitDirectory, common, isBare: true),
            ["false", var gitDirectory, var common, var top] => Found(top, gitDirectory, common, isBare: false),
            ["false", var gitDirectory, var common] => Found(Path.GetDirectoryName(gitDirectory)!, gitDirectory, common, isBare: false),
            _ => throw new StageException(FaultKind.Permanent, "not_a_repository", $"{folder} is not a git repository ({facts.Errors})"),
        };
    }

    /// <summary>
    /// A folder inside a repository stands for the whole of it, as it does for git itself; but only if the repository knows the
    /// folder, because a stray folder may lie in one by chance (a home folder under version control, say).
    /// </summary>
    private async Task<SourceRepository> WithinAsync(SourceRepository found, string folder, CancellationToken cancellationToken)
    {
        if (RealPath.IsWithin(folder, found.GitDirectory))
        {
            return found;
        }

        var relative = Path.GetRelativePath(found.Path, folder);
        var known = await git.TryRunAsync(
            found.Place.Command("rev-parse", "--verify", "--quiet", "--end-of-options", $"HEAD:{relative}"), cancellationToken);
        return known.Succeeded
            ? found with { Notice = $"{folder} is a folder of the repository {found.Path}: the job works on the whole repository." }
            : throw new StageException(FaultKind.Permanent, "not_a_repository",
                $"{folder} is not a git repository; it lies in {found.Path}, which does not have it under version control. Name {found.Path} if you mean that one");
    }

    private static SourceRepository Found(string path, string gitDirectory, string common, bool isBare) =>
        new(RealPath.Of(path), gitDirectory, common, isBare, Notice: null);

    private void RequireAllowed(string realPath)
    {
        if (options.AllowedRoots.Count > 0 && !options.AllowedRoots.Any(root => RealPath.IsWithin(realPath, root)))
        {
            throw new StageException(FaultKind.Permanent, "repository_not_allowed",
                $"{realPath} lies outside of the folders that AiCd:Git:AllowedRoots allows ({string.Join(", ", options.AllowedRoots)})");
        }
    }

    private static GitCommand In(string folder, params string[] arguments) => new(arguments) { Folder = folder };
}
