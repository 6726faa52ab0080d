namespace AiCd.Web.Jobs;

/// <summary>How artifacts are served: as what they are, but never as something that a browser would run.</summary>
internal static class ArtifactMedia
{
    private static readonly Dictionary<string, string> Extensions = new()
    {
        ["text/markdown"] = ".md",
        ["text/plain"] = ".txt",
        ["text/x-diff"] = ".diff",
        ["application/json"] = ".json",
        ["application/jsonl"] = ".jsonl",
        ["application/x-git-bundle"] = ".bundle",
    };

    public static string ServedAs(string mediaType) => !Extensions.ContainsKey(mediaType)
        ? "application/octet-stream"
        : mediaType.StartsWith("text/", StringComparison.Ordinal) ? mediaType + "; charset=utf-8" : mediaType;

    public static string ExtensionOf(string mediaType) => Extensions.GetValueOrDefault(mediaType, ".bin");
}
