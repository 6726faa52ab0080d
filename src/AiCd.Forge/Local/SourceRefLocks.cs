using AiCd.Forge.Git;
using AiCd.Forge.Repositories;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.Local;

/// <summary>
/// Locks of refs in a source repository. It is not ours, so a lock is deleted only if it is on a ref that only AiCd writes, and so
/// old that the process which made it must have been killed: git holds such a lock for milliseconds.
/// </summary>
internal sealed class SourceRefLocks(TimeProvider clock, ILogger<SourceRefLocks> logger)
{
    private static readonly TimeSpan Dead = TimeSpan.FromMinutes(1);

    /// <summary>Decides what the failure of a ref's update means: returns if the ref's value was not the expected one.</summary>
    /// <exception cref="Actors.Ports.StageException">
    /// Git failed for another reason; where that was a dead lock, it is gone for the next attempt.
    /// </exception>
    public void Judge(SourceRepository source, string name, GitCommand command, GitOutput output)
    {
        if (output.Errors.Contains("reference already exists", StringComparison.Ordinal)
            || output.Errors.Contains("but expected", StringComparison.Ordinal))
        {
            return;
        }

        ClearDead(source, name);
        throw GitFailure.Of(command, output);
    }

    public void ClearDead(SourceRepository source, string name)
    {
        var file = new FileInfo(Path.Combine(source.CommonDirectory, name + ".lock"));
        if (file.Exists && clock.GetUtcNow() - file.LastWriteTimeUtc > Dead)
        {
            logger.StaleLockDeleted(file.FullName);
            file.Delete();
        }
    }
}
