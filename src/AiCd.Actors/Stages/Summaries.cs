namespace AiCd.Actors.Stages;

/// <summary>Events carry the gist; the whole text is an artifact.</summary>
internal static class Summaries
{
    private const int MaxLength = 500;

    public static string Of(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length <= MaxLength)
        {
            return trimmed;
        }

        var end = char.IsHighSurrogate(trimmed[MaxLength - 2]) ? MaxLength - 2 : MaxLength - 1;
        return trimmed[..end] + "…";
    }
}
