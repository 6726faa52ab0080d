using System.Text.Json.Serialization;

namespace AiCd.Actors.Jobs;

/// <summary>Where a linked job comes from.</summary>
/// <param name="Job">The job whose recorded results it reuses.</param>
/// <param name="Seq">The last event of that job that was looked at.</param>
/// <param name="Inherited">How many events after SUBMITTED tell of the other job's results; what follows is the job's own.</param>
public sealed record JobLink(JobId Job, JobLinkKind Kind, int Seq, int Inherited);

[JsonConverter(typeof(WireNameConverter<JobLinkKind>))]
public enum JobLinkKind
{
    /// <summary>Goes on from the stage that failed, on the same branch.</summary>
    Retry,

    /// <summary>Goes on from any event, on a branch of its own: both jobs may be at work.</summary>
    Fork,

    /// <summary>Answers what was said of the pull request of a job that had done its work, on the same branch.</summary>
    FollowUp,
}
