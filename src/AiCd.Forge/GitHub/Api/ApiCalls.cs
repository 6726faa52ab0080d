using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiCd.Forge.GitHub.Auth;
using AiCd.Forge.GitHub.Http;

namespace AiCd.Forge.GitHub.Api;

/// <summary>Requests with typed bodies and answers, and lists over all their pages.</summary>
internal sealed class ApiCalls(GitHubHttp http)
{
    // A list that has more pages than this has lost its end.
    private const int MaxPages = 100;

    public async Task<T> GetAsync<T>(IGitHubAccess access, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(new GitHubRequest(HttpMethod.Get, path), (await http.SendAsync(new GitHubRequest(HttpMethod.Get, path), access, cancellationToken)).Body, type);

    /// <returns>Null where there is no such thing.</returns>
    public async Task<T?> FindAsync<T>(IGitHubAccess access, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await GetAsync(access, path, type, cancellationToken);
        }
        catch (GitHubRefusedException refused) when (refused.Status is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Gone)
        {
            return null;
        }
    }

    public Task<List<T>> ListAsync<T>(
        IGitHubAccess access, string path, JsonTypeInfo<List<T>> type, CancellationToken cancellationToken, Func<T, bool>? enough = null) =>
        ListAsync(access, path, type, page => page, cancellationToken, enough);

    /// <param name="items">The list within a page.</param>
    /// <param name="enough">No page is asked for after one with such an item.</param>
    public async Task<List<T>> ListAsync<TPage, T>(
        IGitHubAccess access,
        string path,
        JsonTypeInfo<TPage> type,
        Func<TPage, IEnumerable<T>?> items,
        CancellationToken cancellationToken,
        Func<T, bool>? enough = null)
    {
        var all = new List<T>();
        var next = $"{path}{(path.Contains('?') ? '&' : '?')}per_page=100";
        for (var page = 0; next is not null && page < MaxPages; page++)
        {
            var request = new GitHubRequest(HttpMethod.Get, next);
            var response = await http.SendAsync(request, access, cancellationToken);
            all.AddRange(items(Read(request, response.Body, type)) ?? []);
            next = enough is not null && all.Any(enough) ? null : response.Next;
        }

        return all;
    }

    public async Task<TAnswer> SendAsync<TBody, TAnswer>(
        IGitHubAccess access, GitHubRequest request, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        var full = request with { Body = JsonSerializer.SerializeToUtf8Bytes(body, bodyType) };
        return Read(request, (await http.SendAsync(full, access, cancellationToken)).Body, answerType);
    }

    /// <summary>For what is only done and not answered.</summary>
    public Task SendAsync<TBody>(IGitHubAccess access, GitHubRequest request, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancellationToken) =>
        http.SendAsync(request with { Body = JsonSerializer.SerializeToUtf8Bytes(body, bodyType) }, access, cancellationToken);

    public Task SendAsync(IGitHubAccess access, GitHubRequest request, CancellationToken cancellationToken) => http.SendAsync(request, access, cancellationToken);

    private static T Read<T>(GitHubRequest request, byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new GitHubUnavailableException(request.Name, "the answer is empty");
        }
        catch (JsonException e)
        {
            throw new GitHubUnavailableException(request.Name, $"the answer cannot be read ({e.Message})", e);
        }
    }
}
