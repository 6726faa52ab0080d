using AiCd.Web.Jobs;

namespace AiCd.Host.Commands;

/// <summary>A job that somebody asks for without waiting for it.</summary>
/// <param name="Key">Makes it safe to ask again; null where it is not to be.</param>
internal sealed record JobOrder(SubmitJobRequest Request, string? Key)
{
    /// <summary>The options that stand for the request's fields.</summary>
    public static IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["title"] = "--title",
        ["body"] = "--issue",
        ["repository"] = "--repo",
        ["baseBranch"] = "--base",
        ["agent"] = "--agent",
        ["priority"] = "--priority",
        ["labels"] = "--label",
        ["budget"] = "--budget",
        ["url"] = "--url",
        ["Idempotency-Key"] = "--key",
    };
}
