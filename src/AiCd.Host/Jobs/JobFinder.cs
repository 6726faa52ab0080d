using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Jobs;

/// <summary>Finds a job by its id or by a unique beginning of it.</summary>
internal static class JobFinder
{
    private const int IdLength = 16;

    /// <param name="what">Names the argument in messages.</param>
    /// <exception cref="CommandException">None has such an id, or several have.</exception>
    public static async Task<JobId> FindAsync(IStore store, string text, string what, CancellationToken cancellationToken)
    {
        var prefix = text.ToLowerInvariant();
        if (JobId.TryParse(prefix, out var whole))
        {
            return await ExistsAsync(store, whole, cancellationToken) ? whole : throw Unknown(what, text);
        }

        // Ids sort by age: the newest below the last id that could begin so, if they do begin so.
        if (prefix.Length is 0 or >= IdLength || !JobId.TryParse(prefix.PadRight(IdLength, 'z'), out var last))
        {
            throw CommandException.BadInput($"{what}: expected a job's id or the beginning of one ({IdLength} characters of 0-9 and a-z), got '{text}'");
        }

        var known = await new JobList(store).IdsBelowAsync(last, 2, cancellationToken);
        var fitting = known.Where(id => id.Value.StartsWith(prefix, StringComparison.Ordinal)).Take(2).ToList();
        return fitting switch
        {
            [var only] => only,
            [] => throw Unknown(what, text),
            _ => throw CommandException.BadInput($"{what}: expected the beginning of one job's id, got '{text}', which is that of {string.Join(" and ", fitting)} at least"),
        };
    }

    private static async Task<bool> ExistsAsync(IStore store, JobId id, CancellationToken cancellationToken)
    {
        await using var rows = store.Journal.ReadJobsAsync([id], cancellationToken).GetAsyncEnumerator(cancellationToken);
        return await rows.MoveNextAsync();
    }

    private static CommandException Unknown(string what, string text) =>
        CommandException.BadInput($"{what}: expected a job of this data folder, got '{text}', which is none; `aicd jobs list` shows them");
}
