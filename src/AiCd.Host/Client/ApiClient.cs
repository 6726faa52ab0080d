using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiCd.Web.Json;
using AiCd.Web.Problems;

namespace AiCd.Host.Client;

/// <summary>Requests to the API of a server. Whatever goes wrong is an <see cref="ApiException"/>.</summary>
internal sealed class ApiClient : IDisposable
{
    private const string IdempotencyKey = "Idempotency-Key";
    private const int Tries = 5;

    // Longer than the server's own limit for a request.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    // A newer server may say more than this version knows.
    internal static readonly JsonSerializerOptions Json = new(WebJson.Options)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
        RespectRequiredConstructorParameters = false,
    };

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public ApiClient(ServerAddress server, TimeProvider time)
    {
        (Server, _time) = (server, time);

        // A redirect could carry the key elsewhere; this machine's own server is behind no proxy.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Connecting,
            UseProxy = !server.Url.IsLoopback,
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri(server.Url, "api/v1/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
    }

    public ServerAddress Server { get; }

    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Get, path, null, null, cancellationToken);

    /// <param name="key">Makes the request safe to repeat.</param>
    public Task<T> PostAsync<T>(string path, object? body, string? key, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Post, path, body, key, cancellationToken);

    public Task<T> PatchAsync<T>(string path, object body, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Patch, path, body, null, cancellationToken);

    public Task<T> PutAsync<T>(string path, object body, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Put, path, body, null, cancellationToken);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => WithinPatienceAsync(
        async limit =>
        {
            using var response = await AnsweredAsync(HttpMethod.Delete, path, null, null, limit);
            return response.StatusCode;
        },
        cancellationToken);

    /// <returns>Null where the server does not have it.</returns>
    public async Task<byte[]?> FindBytesAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await WithinPatienceAsync(async limit =>
            {
                using var response = await AnsweredAsync(HttpMethod.Get, path, null, null, limit);
                return await response.Content.ReadAsByteArrayAsync(limit);
            }, cancellationToken);
        }
        catch (ApiException missing) when (missing.Is(ProblemType.NotFound))
        {
            return null;
        }
    }

    /// <returns>A stream that has begun; null where there is nothing to come. The caller disposes it.</returns>
    public async Task<HttpResponseMessage?> OpenStreamAsync(string path, CancellationToken cancellationToken)
    {
        var response = await WithinPatienceAsync(limit => AnsweredAsync(HttpMethod.Get, path, null, null, limit), cancellationToken);
        if (response.StatusCode != HttpStatusCode.NoContent)
        {
            return response;
        }

        response.Dispose();
        return null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, string? key, CancellationToken cancellationToken) =>
        await WithinPatienceAsync(async limit =>
        {
            using var response = await AnsweredAsync(method, path, body, key, limit);
            return await response.Content.ReadFromJsonAsync<T>(Json, limit)
                ?? throw new ApiException(Server, $"expected an answer to {method} {path}, got null");
        }, cancellationToken);

    private async Task<HttpResponseMessage> AnsweredAsync(HttpMethod method, string path, object? body, string? key, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: WebJson.Options) };
            if (key is not null && !request.Headers.TryAddWithoutValidation(IdempotencyKey, key))
            {
                throw new ApiException(Server, $"the key of the submission is none that a header can hold");
            }

            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                var refused = await RefusalAsync(response, cancellationToken);
                var repeatable = method == HttpMethod.Get || key is not null || refused.Is(ProblemType.TooManyRequests);
                if (attempt == Tries || !repeatable || refused.Problem is not { RetryAfter: { } seconds } || !(refused.Is(ProblemType.Unavailable) || refused.Is(ProblemType.TooManyRequests)))
                {
                    throw refused;
                }

                var wait = TimeSpan.FromSeconds(Math.Max(seconds, 0.2));
                await Task.Delay(wait < LongestWait ? wait : LongestWait, _time, cancellationToken);
            }
        }
    }

    private async Task<ApiException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType != Problem.ContentType)
        {
            return new ApiException(Server, $"expected AiCd, got something that answers with status {status}");
        }

        return await response.Content.ReadFromJsonAsync<Problem>(Json, cancellationToken) is { Type: not null, Title: not null } problem
            ? new ApiException(Server, problem with { Status = status })
            : new ApiException(Server, $"status {status}");
    }

    private async Task<T> WithinPatienceAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ask(limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiException(Server, $"no answer within {Patience.TotalSeconds:0} s", late);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new ApiException(Server, error.GetBaseException().Message, error);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new ApiException(Server, $"expected an answer as AiCd gives it, got one that cannot be read: {error.Message}", error);
        }
    }
}
