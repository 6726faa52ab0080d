using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Host.Driving;

namespace AiCd.Host.Jobs;

/// <summary>Everything that a journal tells of one job, up to the first event that cannot be read.</summary>
internal sealed record JobDetails(
    JobId Id,
    Job? Job,
    IReadOnlyList<StateEntry> History,
    IReadOnlyList<AttemptRecord> Attempts,
    IReadOnlyList<JobArtifact> Artifacts,
    string? Quarantine)
{
    public static Task<JobDetails> ReadAsync(IJournal journal, JobId id, CancellationToken cancellationToken) =>
        ReadAsync(JobHistory.ReadAsync(journal, id, cancellationToken), id);

    /// <param name="events">All of the job's; may end in a <see cref="JobQuarantinedException"/>.</param>
    public static async Task<JobDetails> ReadAsync(IAsyncEnumerable<JobRecorded> events, JobId id)
    {
        var story = new JobStory(id);
        var attempts = new AttemptLog();
        var history = new List<StateEntry>();
        var artifacts = new List<JobArtifact>();
        string? quarantine = null;
        try
        {
            await foreach (var recorded in events)
            {
                story.Add(recorded);
                attempts.Add(recorded.Event, story.Job!);
                artifacts.AddRange(EventArtifacts.Of(recorded.Event).Select(artifact => JobArtifact.Of(recorded.Seq, artifact)));
                if (history.Count == 0 || history[^1].State != recorded.State)
                {
                    history.Add(new StateEntry(recorded.State, recorded.Event.At.UtcDateTime));
                }
            }
        }
        catch (JobQuarantinedException corrupt)
        {
            quarantine = corrupt.Reason;
        }

        return new JobDetails(id, story.Job, history, attempts.Attempts, artifacts, quarantine);
    }
}

/// <param name="At">When the job came into the state.</param>
internal sealed record StateEntry(JobState State, DateTime At);

/// <param name="Seq">Number of the event that names it.</param>
/// <param name="Inline">True where the content travels in the event itself.</param>
internal sealed record JobArtifact(int Seq, string Kind, string Sha256, long Size, string MediaType, bool Inline)
{
    public static JobArtifact Of(int seq, ArtifactRef artifact) =>
        new(seq, artifact.Kind, artifact.Sha256, artifact.Size, artifact.MediaType, artifact.Inline is not null);
}
