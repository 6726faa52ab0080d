namespace AiCd.Actors.Jobs.Payloads;

/// <summary>
/// Names content that is too large for an event: a plan, a diff, a transcript, a bundle. It was durable before the event that names it.
/// </summary>
/// <param name="Kind">What it is to the job; one of <see cref="ArtifactKinds"/>.</param>
/// <param name="Sha256">Of the content, in lower-case hex; with the tenant, its key.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Inline">The content itself where it is short text: then it travels in the event and no row is kept for it.</param>
public sealed record ArtifactRef(string Kind, string Sha256, long Size, string MediaType, string? Inline = null);

/// <summary>The kinds of artifact that jobs leave.</summary>
public static class ArtifactKinds
{
    public const string Issue = "issue";
    public const string Plan = "plan";
    public const string Diff = "diff";
    public const string Bundle = "bundle";
    public const string Review = "review";
    public const string Checks = "checks";
    public const string Transcript = "transcript";
    public const string Log = "log";
    public const string Turn = "turn";
}
