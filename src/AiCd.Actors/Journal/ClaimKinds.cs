namespace AiCd.Actors.Journal;

/// <summary>What one job alone may hold.</summary>
public static class ClaimKinds
{
    /// <summary>The submission's idempotency key, for ever.</summary>
    public const string Idempotency = "idempotency";

    /// <summary>What was asked for under the idempotency key the first time, for ever.</summary>
    public const string Request = "idempotency_request";

    /// <summary>What somebody did elsewhere that changed the job, for ever; see <see cref="Jobs.JobCommand.Act"/>.</summary>
    public const string Act = "act";

    /// <summary>What the submission called exclusive, until the job's end.</summary>
    public const string Exclusive = "exclusive";

    /// <summary>The base branch of a repository that allows one job at a time, until the job's end.</summary>
    public const string Branch = "branch";

    /// <summary>The branch that a linked job inherited, until the job's end: two jobs never push the same.</summary>
    public const string Head = "head";

    /// <summary>The <see cref="Head"/> of a branch.</summary>
    public static string HeadOf(string repository, string branch) => $"{repository}\n{branch}";
}
