namespace AiCd.Actors.Jobs;

/// <summary>What <see cref="JobDecider"/> makes of a command: events, all of which happen or none, or a refusal.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    public sealed record Accepted(IReadOnlyList<JobEvent> Events) : Decision;

    public sealed record Refused(Refusal Refusal) : Decision;
}

/// <summary>Why a command was refused. Nothing was recorded.</summary>
/// <param name="Code">One of <see cref="RefusalCodes"/>; stable, for programs.</param>
/// <param name="State">Where the job stood, or null where there is no such job.</param>
public sealed record Refusal(string Code, string Message, JobState? State);

public static class RefusalCodes
{
    /// <summary>The state that the job is in does not allow it.</summary>
    public const string InvalidEvent = "invalid_event";

    /// <summary>The result bears another attempt id than the one that is running.</summary>
    public const string StaleAttempt = "stale_attempt";

    /// <summary>It was done already.</summary>
    public const string AlreadyDone = "already_done";

    /// <summary>The approval names another plan than the one proposed.</summary>
    public const string StalePlan = "stale_plan";

    /// <summary>The pull request would carry a tree that was not approved.</summary>
    public const string NoEvidence = "no_evidence";

    /// <summary>The job has moved on since it was looked at.</summary>
    public const string Changed = "changed";

    public const string NotFound = "not_found";

    /// <summary>The command came by way of another node, and this one cannot read it.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>The job's history cannot be read; it is set aside until a person has looked at it.</summary>
    public const string Quarantined = "quarantined";
}
