namespace AiCd.Actors.Journal;

/// <summary>What the claims of submissions are called.</summary>
public static class ClaimKinds
{
    /// <summary>Of a submission, for ever.</summary>
    public const string Idempotency = "idempotency";

    /// <summary>Of what one unfinished job alone may work on.</summary>
    public const string Exclusive = "exclusive";
}
