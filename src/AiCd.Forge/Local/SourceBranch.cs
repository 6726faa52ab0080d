using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Local;

/// <summary>A branch of a source repository as it was found.</summary>
/// <param name="Target">The ref that it stands for, where it is a symbolic one.</param>
/// <param name="CheckedOutAt">The work tree in which it is checked out, or empty.</param>
/// <param name="Committer">Who made its last commit: name and address.</param>
internal sealed record SourceBranch(string Sha, string Target, string CheckedOutAt, string Committer)
{
    private const string Format = "--format=%(refname)%09%(objectname)%09%(symref)%09%(committername) %(committeremail)%09%(worktreepath)";

    /// <returns>Null where there is no such branch.</returns>
    /// <exception cref="StageException">No branch can have that name.</exception>
    public static async Task<SourceBranch?> FindAsync(GitRunner git, SourceRepository source, string branch, CancellationToken cancellationToken)
    {
        var name = "refs/heads/" + branch;
        if (!(await git.TryRunAsync(source.Place.Command("check-ref-format", name), cancellationToken)).Succeeded)
        {
            throw new StageException(FaultKind.Permanent, "branch_invalid", $"'{Paths.PathRefusal.Shown(branch)}' is no name of a branch");
        }

        var output = await git.RunAsync(source.Place.Command("for-each-ref", Format, name), cancellationToken);
        return output.Lines
            .Select(line => line.Split('\t', 5))
            .Where(fields => fields[0] == name)
            .Select(fields => new SourceBranch(fields[1], fields[2], fields[4], fields[3]))
            .FirstOrDefault();
    }
}
