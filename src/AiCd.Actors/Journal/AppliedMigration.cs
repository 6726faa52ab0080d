namespace AiCd.Actors.Journal;

/// <summary>A script as a store remembers it.</summary>
internal sealed record AppliedMigration(int Number, string Name, string Checksum);

/// <summary>Compares what a store has with what the program brings.</summary>
internal static class MigrationPlan
{
    /// <returns>The scripts that the store lacks.</returns>
    /// <exception cref="StoreUnusableException">The store knows more than this program, or something else under the same number.</exception>
    public static IReadOnlyList<MigrationScript> Pending(IReadOnlyList<MigrationScript> scripts, IReadOnlyList<AppliedMigration> applied, string store)
    {
        foreach (var done in applied)
        {
            var script = scripts.FirstOrDefault(script => script.Number == done.Number)
                ?? throw new StoreUnusableException(
                    "newer_version", $"{store} was written by a newer version: it has migration {done.Number} ({done.Name}), this program knows {scripts.Count}");
            if (script.Checksum != done.Checksum)
            {
                throw new StoreUnusableException(
                    "not_a_store", $"{store} was made by another script: migration {done.Number} is {done.Name} there and {script.Name} here, with other content");
            }
        }

        return [.. scripts.Where(script => applied.All(done => done.Number != script.Number))];
    }
}
