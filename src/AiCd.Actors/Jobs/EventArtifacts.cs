using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Jobs;

/// <summary>The artifacts that events name.</summary>
public static class EventArtifacts
{
    public static IReadOnlyList<ArtifactRef> Of(JobEvent e) => e switch
    {
        JobEvent.Submitted submitted => [submitted.Submission.Body],
        JobEvent.IssueEdited edited => [edited.Body],
        JobEvent.TurnRecorded turn => [turn.Turn],
        JobEvent.PlanSucceeded plan => plan.Artifacts,
        JobEvent.PlanProposed plan => plan.Artifacts,
        JobEvent.CodeSucceeded code => code.Artifacts,
        JobEvent.ReviewApproved review => review.Artifacts,
        JobEvent.ReviewRejected review => review.Artifacts,
        JobEvent.ReviewFailed review => review.Artifacts,
        JobEvent.AttemptFailed failed => failed.Artifacts ?? [],
        _ => [],
    };

    /// <returns>Hashes of what the store keeps for the events; what travels inside an event is none of them.</returns>
    internal static IReadOnlyList<string> StoredBy(IReadOnlyList<JobEvent> events)
    {
        List<string>? stored = null;
        foreach (var e in events)
        {
            foreach (var artifact in Of(e))
            {
                if (artifact.Inline is null)
                {
                    (stored ??= []).Add(artifact.Sha256);
                }
            }
        }

        return stored ?? [];
    }
}
