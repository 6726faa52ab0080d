using AiCd.Actors.Jobs;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Worktrees;

/// <summary>Where on disk the attempts of jobs work: DATA/worktrees/&lt;job&gt;/&lt;attempt&gt;.</summary>
/// <param name="JobFolder">All that the job leaves on this node, its commits in the mirror apart.</param>
/// <param name="Folder">The attempt's own.</param>
internal sealed record WorktreeLayout(string JobFolder, string Folder)
{
    /// <summary>The files: the only folder that a sandbox may see.</summary>
    public string Tree => Path.Combine(Folder, "tree");

    /// <summary>Git's index, out of reach of what works in the tree.</summary>
    public string Index => Path.Combine(Folder, "index");

    /// <summary>A file that says what the tree was made from and whose it was; it is there once the tree is whole.</summary>
    public string Origin => Path.Combine(Folder, "origin");

    /// <summary>A file that names the mirror with the job's commits.</summary>
    public string MirrorNote => Path.Combine(JobFolder, "mirror");

    /// <returns>The jobs that have a folder.</returns>
    public static IReadOnlyList<JobId> JobsIn(string dataFolder)
    {
        var root = RootIn(dataFolder);
        return Directory.Exists(root)
            ? [.. Directory.EnumerateDirectories(root).Select(folder => JobId.TryParse(Path.GetFileName(folder), out var job) ? job : (JobId?)null).OfType<JobId>()]
            : [];
    }

    public static WorktreeLayout Of(string dataFolder, JobId job, string attempt)
    {
        var jobFolder = Path.Combine(RootIn(dataFolder), job.Value);
        return new WorktreeLayout(jobFolder, Path.Combine(jobFolder, FolderName.Of(attempt)));
    }

    private static string RootIn(string dataFolder) => Path.Combine(dataFolder, "worktrees");
}
