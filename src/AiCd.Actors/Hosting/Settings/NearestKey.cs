namespace AiCd.Actors.Hosting.Settings;

/// <summary>Finds the key that somebody most likely meant.</summary>
internal static class NearestKey
{
    public static string Of(string key, IEnumerable<string> known) =>
        known.MinBy(candidate => Distance(key.ToUpperInvariant(), candidate.ToUpperInvariant())) ?? key;

    /// <summary>How many characters have to be inserted, deleted or replaced (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        var current = new int[to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[to.Length];
    }
}
