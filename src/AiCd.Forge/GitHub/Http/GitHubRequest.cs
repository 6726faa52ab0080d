namespace AiCd.Forge.GitHub.Http;

/// <summary>One request to the API.</summary>
/// <param name="Path">Relative to the API's root, or an absolute URL that the API gave.</param>
/// <param name="Body">JSON.</param>
internal sealed record GitHubRequest(HttpMethod Method, string Path, byte[]? Body = null)
{
    /// <summary>Makes something that people are told of: GitHub counts those apart.</summary>
    public bool MakesContent { get; init; }

    /// <summary>False where the turn was taken before, or none is needed.</summary>
    public bool TakesTurn { get; init; } = true;

    /// <summary>Asks something, and changes nothing, though it is posted.</summary>
    public bool IsQuery { get; init; }

    public bool IsRead => IsQuery || Method == HttpMethod.Get;

    /// <summary>For people; without the query.</summary>
    public string Name => $"{Method} {Path.Split('?')[0].TrimStart('.', '/')}";
}

/// <param name="Next">The address of the next page, or null.</param>
internal sealed record GitHubResponse(byte[] Body, string? Next);
