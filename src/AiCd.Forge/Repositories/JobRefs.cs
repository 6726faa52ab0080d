using AiCd.Actors.Jobs;

namespace AiCd.Forge.Repositories;

/// <summary>Refs of a mirror that keep a job's commits from being collected.</summary>
internal static class JobRefs
{
    private const string Root = "refs/aicd/jobs/";

    public static string All(JobId job) => $"{Root}{job}/";

    /// <summary>What the attempt stands on.</summary>
    public static string Base(JobId job, string attempt) => $"{All(job)}{FolderName.Of(attempt)}/base";

    /// <summary>What the attempt made, or went on from.</summary>
    public static string Commit(JobId job, string attempt) => $"{All(job)}{FolderName.Of(attempt)}/commit";

    /// <summary>The last known tip of a branch of the source. By hash, because branches `a` and `a/b` may follow each other.</summary>
    public static string Source(string branch) => "refs/aicd/source/" + FolderName.Hash(branch);
}
