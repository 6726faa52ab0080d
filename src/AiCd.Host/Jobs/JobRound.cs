using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Runtime;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Jobs;

/// <summary>The change that a coding round of a job left behind.</summary>
/// <param name="Round">From 1.</param>
internal sealed record JobRound(Job Job, int Round, CommittedChange Change, ArtifactRef Diff)
{
    /// <param name="events">All of the job's.</param>
    /// <param name="round">Null for the last one.</param>
    /// <exception cref="CommandException">There is no such round.</exception>
    public static async Task<JobRound> FindAsync(IAsyncEnumerable<JobRecorded> events, JobId id, int? round)
    {
        var rounds = new List<JobRound>();
        Job? job = null;
        await foreach (var recorded in events)
        {
            job = JobEvolver.Evolve(id, job, recorded.Event);
            if (recorded.Event is JobEvent.CodeSucceeded code && code.Artifacts.FirstOrDefault(artifact => artifact.Kind == ArtifactKinds.Diff) is { } diff)
            {
                rounds.Add(new JobRound(job, rounds.Count + 1, code.Change, diff));
            }
        }

        if (rounds.Count == 0)
        {
            throw new CommandException(ExitCodes.Refuted, $"Job {id} has no change: it is {(job is null ? "empty" : WireNames.Of(job.State))} and no coding round has ended");
        }

        return round is null ? rounds[^1] : rounds.ElementAtOrDefault(round.Value - 1)
            ?? throw CommandException.BadInput($"--round: expected a whole number from 1 to {rounds.Count}, got '{round}'");
    }
}
