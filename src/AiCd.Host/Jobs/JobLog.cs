using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Host.Exports;

namespace AiCd.Host.Jobs;

/// <summary>What was said and printed in a job's attempts: transcripts, logs and the output of checks, read as their events come.</summary>
internal sealed class JobLog(ArtifactReader artifacts)
{
    private static readonly string[] Kinds = [ArtifactKinds.Transcript, ArtifactKinds.Log, ArtifactKinds.Checks];

    /// <returns>The texts that belong to the event, in its order. One that is not in the store any more is told, not left out.</returns>
    public async Task<IReadOnlyList<JobLogEntry>> ReadAsync(JobRecorded recorded, Job job, Stage? stage, CancellationToken cancellationToken)
    {
        var entries = new List<JobLogEntry>();
        foreach (var artifact in NamedArtifacts.In(Actors.Jobs.Stored.JobEventCodec.Encode(recorded.Event)).Where(artifact => Kinds.Contains(artifact.Kind)))
        {
            entries.Add(new JobLogEntry(recorded.Seq, stage, artifact, await artifacts.FindTextAsync(job.Submission.Tenant, artifact, cancellationToken)));
        }

        return entries;
    }
}

/// <param name="Seq">Of the event that names it.</param>
/// <param name="Stage">Of the attempt.</param>
/// <param name="Text">Null where the store does not have it any more.</param>
internal sealed record JobLogEntry(int Seq, Stage? Stage, ArtifactRef Artifact, string? Text);
