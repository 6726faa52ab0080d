using System.Net;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub;

/// <summary>Finds repositories on GitHub, and refuses those that jobs may not or cannot work on.</summary>
internal sealed class GitHubRepositories(
    GitHubHost host, GitHubAccesses accesses, RepositoryApi api, GitRunner git, GitHubOptions options)
{
    private const string Heads = "refs/heads/";
    private const int ListedBranches = 8;

    /// <returns>The repository that the text names, or null where it names none of this GitHub.</returns>
    public RepositoryName? Named(string repository) => host.Repository(repository);

    /// <exception cref="StageException">There is no such repository, or it is not allowed.</exception>
    public async Task<RemoteRepository> FindAsync(string tenant, RepositoryName name, CancellationToken cancellationToken)
    {
        RequireListed(name);
        try
        {
            await accesses.RequireTenantAsync(tenant, name, cancellationToken);
            var body = await api.GetAsync(await accesses.ToLookAsync(name, cancellationToken), name, cancellationToken);
            var current = RepositoryName.TryParse(body.FullName, out var renamed) ? renamed : name;
            if (current != name)
            {
                RequireListed(current);
                await accesses.RequireTenantAsync(tenant, current, cancellationToken);
            }

            RequireUsable(current, body);
            return new RemoteRepository(host, accesses, current, body, options.CaFile.Length > 0 ? options.CaFile : null);
        }
        catch (GitHubRefusedException refused) when (refused.Status == HttpStatusCode.NotFound)
        {
            throw new StageException(FaultKind.Permanent, "repository_not_found",
                $"There is no repository {name} on {host.WebUrl.Host}, or {Who()} cannot see it", refused);
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    public async Task<RepositoryTarget> ResolveAsync(string tenant, RepositoryName name, string? baseBranch, CancellationToken cancellationToken)
    {
        var repository = await FindAsync(tenant, name, cancellationToken);
        var branches = await BranchesAsync(repository, cancellationToken);
        var wanted = baseBranch is not { Length: > 0 } ? repository.Body.DefaultBranch ?? "main"
            : baseBranch.StartsWith(Heads, StringComparison.Ordinal) ? baseBranch[Heads.Length..] : baseBranch;
        if (branches.Count == 0)
        {
            throw new StageException(FaultKind.Permanent, "repository_empty", $"{repository.Name} has no commit on any branch yet: make a first commit");
        }

        if (!branches.TryGetValue(wanted, out var sha))
        {
            var shown = string.Join(", ", branches.Keys.Take(ListedBranches)) + (branches.Count > ListedBranches ? ", …" : "");
            throw new StageException(FaultKind.Permanent, "base_branch_not_found",
                $"{repository.Name} has no branch '{Paths.PathRefusal.Shown(wanted)}'; it has {shown}");
        }

        return new RepositoryTarget(repository.Name, wanted, sha, await NoticeAsync(repository, name, wanted, cancellationToken));
    }

    /// <returns>Null where the commit has no such file.</returns>
    public async Task<byte[]?> ReadFileAsync(
        string tenant, RepositoryName name, string commit, string path, int maxBytes, CancellationToken cancellationToken)
    {
        var repository = await FindAsync(tenant, name, cancellationToken);
        try
        {
            var access = await accesses.ForAsync(repository.Repository, TokenUse.Work, cancellationToken);
            var content = await api.ReadFileAsync(access, repository.Repository, path, commit, cancellationToken);
            return content is null || content.Length <= maxBytes ? content : throw new StageException(FaultKind.Permanent, "base_file_refused",
                $"{path} of commit {commit}: expected at most {maxBytes} bytes, found {content.Length}");
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    private async Task<SortedDictionary<string, string>> BranchesAsync(RemoteRepository repository, CancellationToken cancellationToken)
    {
        var list = new GitCommand(["ls-remote", "--quiet", "--heads", "--", repository.Address]);
        var output = await repository.TryRunAsync(git, list, cancellationToken);
        return output.Succeeded
            ? new SortedDictionary<string, string>(
                output.Lines.Select(line => line.Split('\t', 2)).Where(fields => fields.Length == 2).ToDictionary(fields => fields[1][Heads.Length..], fields => fields[0]),
                StringComparer.Ordinal)
            : throw GitFailure.Of(list with { Remote = repository.Described }, output);
    }

    /// <summary>What works differently from what somebody may expect.</summary>
    private async Task<string?> NoticeAsync(RemoteRepository repository, RepositoryName asked, string branch, CancellationToken cancellationToken)
    {
        try
        {
            var access = await accesses.ForAsync(repository.Repository, TokenUse.Work, cancellationToken);
            var attributes = await api.FindFileAsync(access, repository.Repository, ".gitattributes", branch, cancellationToken);
            var modules = await api.FindFileAsync(access, repository.Repository, ".gitmodules", branch, cancellationToken);
            string?[] notices =
            [
                repository.Repository != asked ? $"{asked} was renamed to {repository.Repository}." : null,
                attributes?.Contains("filter=lfs", StringComparison.Ordinal) == true
                    ? "Files that Git LFS keeps are seen as their pointers, and a change of one is refused." : null,
                modules is not null ? "Submodules are left alone: their folders are empty while the job works." : null,
            ];
            var notice = string.Join(' ', notices.OfType<string>());
            return notice.Length == 0 ? null : notice;
        }
        catch (GitHubException e)
        {
            throw e.ToStageException();
        }
    }

    private void RequireUsable(RepositoryName name, RepositoryBody body)
    {
        if (body.Archived == true)
        {
            throw new StageException(FaultKind.Permanent, "repository_archived", $"{name} is archived: nobody can push into it");
        }

        if (body.Disabled == true)
        {
            throw new StageException(FaultKind.Permanent, "repository_disabled", $"{name} was disabled by GitHub");
        }

        if (body.Size / 1024 > options.MaxRepositoryMegabytes)
        {
            throw new StageException(FaultKind.Permanent, "repository_too_large",
                $"{name} takes {body.Size / 1024} MB, expected at most {options.MaxRepositoryMegabytes} (AiCd:GitHub:MaxRepositoryMegabytes)");
        }
    }

    private void RequireListed(RepositoryName name)
    {
        if (options.Repositories.Count > 0 && !options.Repositories.Any(entry => Covers(entry, name)))
        {
            throw new StageException(FaultKind.Permanent, "repository_not_allowed",
                $"{name} is none of the repositories that AiCd:GitHub:Repositories allows ({string.Join(", ", options.Repositories)})");
        }
    }

    private static bool Covers(string entry, RepositoryName name) => entry.EndsWith("/*", StringComparison.Ordinal)
        ? name.Owner.Equals(entry[..^2], StringComparison.OrdinalIgnoreCase)
        : RepositoryName.TryParse(entry, out var listed) && listed == name;

    private string Who() => accesses.UsesApp ? "the GitHub App" : options.Token.Length > 0 ? "the token" : "somebody without a token";
}
