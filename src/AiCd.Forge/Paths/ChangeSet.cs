using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;

namespace AiCd.Forge.Paths;

/// <summary>A result's changes after every rule that needs no file system.</summary>
internal sealed record ChangeSet(IReadOnlyList<FileChange> Deletions, IReadOnlyList<FileChange> Writes)
{
    /// <exception cref="StageException">A path is refused.</exception>
    public static ChangeSet Of(IReadOnlyList<FileChange> changes)
    {
        var deletions = new Dictionary<string, FileChange>(StringComparer.Ordinal);
        var writes = new Dictionary<string, FileChange>(StringComparer.OrdinalIgnoreCase);
        foreach (var change in changes)
        {
            PathRules.Check(change.Path);
            if (change.Content is null)
            {
                deletions.TryAdd(change.Path, change);
            }
            else if (!writes.TryAdd(change.Path, change))
            {
                throw PathRefusal.Because(change.Path, "is written twice, or differs from another written path only by case");
            }
        }

        return writes.Values.FirstOrDefault(write => deletions.ContainsKey(write.Path)) is { } both
            ? throw PathRefusal.Because(both.Path, "is both written and deleted")
            : new ChangeSet([.. deletions.Values], [.. writes.Values]);
    }
}
