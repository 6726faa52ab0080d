using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Telemetry;

/// <summary>
/// A job is one trace, across nodes and restarts: its trace id is made from its id, so that whoever works on it next adds to the same
/// trace without having to be told.
/// </summary>
public static class JobTracing
{
    public const string SourceName = "AiCd";

    private static readonly ActivitySource Source = new(SourceName);

    /// <returns>Null while nobody listens.</returns>
    internal static Activity? StartAttempt(Job job, Stage stage, Attempt attempt)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var activity = Source.StartActivity($"stage {WireNames.Of(stage)}", ActivityKind.Internal, ContextOf(job.Id));
        activity?.SetTag("aicd.job", job.Id.Value);
        activity?.SetTag("aicd.tenant", job.Submission.Tenant);
        activity?.SetTag("aicd.attempt", attempt.Id);
        activity?.SetTag("aicd.attempt.number", attempt.Number);
        activity?.SetTag("aicd.incarnation", attempt.Incarnation);
        return activity;
    }

    /// <summary>The span of the whole job, made when it ends.</summary>
    internal static void JobEnded(Job job)
    {
        if (!Source.HasListeners())
        {
            return;
        }

        using var activity = Source.StartActivity("job", ActivityKind.Internal, ContextOf(job.Id), startTime: job.SubmittedAt);
        activity?.SetTag("aicd.job", job.Id.Value);
        activity?.SetTag("aicd.tenant", job.Submission.Tenant);
        activity?.SetTag("aicd.state", WireNames.Of(job.State));
        activity?.SetStatus(job.State == JobState.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok, job.Failure?.Message);
        activity?.SetEndTime(job.UpdatedAt.UtcDateTime);
    }

    public static ActivityContext ContextOf(JobId job)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(job.Value), hash);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash[..16]), ActivitySpanId.CreateFromBytes(hash.Slice(16, 8)), ActivityTraceFlags.Recorded, isRemote: true);
    }
}
