using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

internal static class StoredJobState
{
    public static JobState Parse(string name) =>
        WireNames.TryParse<JobState>(name, out var state)
            ? state
            : throw new JournalException($"The read model has a job in state '{name}', expected one of {string.Join(", ", WireNames.All<JobState>())}", isTransient: false);
}
