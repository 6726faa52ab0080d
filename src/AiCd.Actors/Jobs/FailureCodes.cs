namespace AiCd.Actors.Jobs;

/// <summary>Codes of failures that AiCd itself finds; agents and forges add theirs.</summary>
public static class FailureCodes
{
    public const string InterruptedTooOften = "interrupted_too_often";
    public const string ReviewRoundsExhausted = "review_rounds_exhausted";
    /// <summary>The base commit or the text is not the one for which a person approved the plan.</summary>
    public const string ApprovalVoid = "approval_void";
    public const string Timeout = "timeout";

    /// <summary>The job refused the result of its own attempt: it was for something else than what the job stands at.</summary>
    public const string Refused = "result_refused";
    public const string Unexpected = "unexpected_error";
}
