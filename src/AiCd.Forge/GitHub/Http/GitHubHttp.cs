using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.GitHub.Http;

/// <summary>
/// Sends requests as GitHub wants them sent: named headers, ETags, redirects, limits. Reads are tried again; a write whose outcome is
/// unknown never is: its caller must look first.
/// </summary>
internal sealed class GitHubHttp(
    HttpClient client, GitHubHost host, Pacer pacer, ResponseCache cache, GitHubOptions options, TimeProvider time, ILogger<GitHubHttp> logger)
{
    public const string ApiVersion = "2022-11-28";

    private const string MediaType = "application/vnd.github+json";
    private const int ReadAttempts = 3;
    private const int MaxRedirects = 5;
    private const int MaxBody = 32 * 1024 * 1024;

    private static readonly ProductInfoHeaderValue UserAgent = new("AiCd", typeof(GitHubHttp).Assembly.GetName().Version?.ToString(3) ?? "0");

    private int _limitsInRow;

    /// <exception cref="GitHubException">Refused, limited or unavailable.</exception>
    public async Task<GitHubResponse> SendAsync(GitHubRequest request, IGitHubAccess access, CancellationToken cancellationToken)
    {
        if (request.IsRead)
        {
            return await ReadAsync(request, access, cancellationToken);
        }

        if (request.TakesTurn)
        {
            await pacer.TakeTurnAsync(access.Key, request, cancellationToken);
        }

        using (await pacer.EnterAsync(access.Key, cancellationToken))
        {
            return await AuthorizedAsync(request, access, cancellationToken);
        }
    }

    private async Task<GitHubResponse> ReadAsync(GitHubRequest request, IGitHubAccess access, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AuthorizedAsync(request, access, cancellationToken);
            }
            catch (GitHubUnavailableException) when (attempt < ReadAttempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(attempt), time, cancellationToken);
            }
        }
    }

    /// <summary>A token may expire, or be taken back, between two requests: then a fresh one is tried once.</summary>
    private async Task<GitHubResponse> AuthorizedAsync(GitHubRequest request, IGitHubAccess access, CancellationToken cancellationToken)
    {
        try
        {
            return await FollowAsync(request, access, renew: false, cancellationToken);
        }
        catch (GitHubRefusedException refused) when (refused.Status == HttpStatusCode.Unauthorized && access.IsRenewable)
        {
            return await FollowAsync(request, access, renew: true, cancellationToken);
        }
    }

    private async Task<GitHubResponse> FollowAsync(GitHubRequest request, IGitHubAccess access, bool renew, CancellationToken cancellationToken)
    {
        var url = new Uri(host.ApiUrl, request.Path);
        var authorization = await access.HeaderAsync(renew, cancellationToken);
        for (var redirects = 0; ; redirects++)
        {
            RequireHere(request, url);
            await pacer.RequireFreeAsync(access.Key, request, cancellationToken);
            var answer = await OnceAsync(request, url, access, authorization, cancellationToken);
            if (answer.Moved is null)
            {
                return answer.Response!;
            }

            url = redirects < MaxRedirects ? new Uri(url, answer.Moved) : throw new GitHubUnavailableException(request.Name, "it redirects for ever");
        }
    }

    private async Task<Answer> OnceAsync(
        GitHubRequest request, Uri url, IGitHubAccess access, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        var cacheKey = $"{access.Key} {access.Realm} {url}";
        var cached = request is { IsRead: true, IsQuery: false } ? cache.Find(cacheKey) : null;
        using var message = Message(request, url, authorization, cached?.ETag);
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var started = time.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            logger.GitHubAnswered(request.Name, (int)response.StatusCode, time.GetElapsedTime(started).TotalMilliseconds);
            if (response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
                && response.Headers.Location is { } location)
            {
                return new Answer(null, location);
            }

            if (response.StatusCode == HttpStatusCode.NotModified && cached is { } known)
            {
                return new Answer(known.Response, null);
            }

            var body = await BodyAsync(response, stop.Token);
            await JudgeAsync(request, access, response, body);
            var result = new GitHubResponse(body, LinkHeader.Next(response.Headers));
            if (request is { IsRead: true, IsQuery: false } && response.Headers.ETag is { } etag)
            {
                cache.Put(cacheKey, etag.ToString(), result);
            }

            return new Answer(result, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GitHubUnavailableException(request.Name, $"no answer within {options.Timeout}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new GitHubUnavailableException(request.Name, e.Message, e);
        }
    }

    private async Task JudgeAsync(GitHubRequest request, IGitHubAccess access, HttpResponseMessage response, byte[] body)
    {
        var now = time.GetUtcNow();
        if (response.IsSuccessStatusCode)
        {
            _limitsInRow = 0;
            if (RateLimit.UsedUp(response, now) is { } usedUp)
            {
                await pacer.HoldAsync(access.Key, usedUp);
            }

            return;
        }

        var reason = Reason(body);
        if (RateLimit.Reached(response, reason, _limitsInRow, now) is { } wait)
        {
            Interlocked.Increment(ref _limitsInRow);
            await pacer.HoldAsync(access.Key, wait);
            logger.GitHubLimited(request.Name, wait.TotalSeconds);
            throw new GitHubLimitedException(request.Name, wait);
        }

        throw (int)response.StatusCode >= 500
            ? new GitHubUnavailableException(request.Name, $"{(int)response.StatusCode} {reason}")
            : new GitHubRefusedException(response.StatusCode, request.Name, reason);
    }

    private static HttpRequestMessage Message(GitHubRequest request, Uri url, AuthenticationHeaderValue? authorization, string? etag)
    {
        var message = new HttpRequestMessage(request.Method, url);
        message.Headers.Accept.ParseAdd(MediaType);
        message.Headers.Add("X-GitHub-Api-Version", ApiVersion);
        message.Headers.UserAgent.Add(UserAgent);
        message.Headers.Authorization = authorization;
        if (etag is not null)
        {
            message.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        }

        return message;
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxBody, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>What GitHub says of an error, with the details of each field that it names.</summary>
    private static string Reason(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, GitHubJson.Default.ErrorBody)?.ToString() ?? "no reason given";
        }
        catch (JsonException)
        {
            return "the answer is not JSON";
        }
    }

    /// <summary>The token is for one host: no redirect and no link leads it to another.</summary>
    private void RequireHere(GitHubRequest request, Uri url)
    {
        if (url.Scheme != host.ApiUrl.Scheme || !url.Authority.Equals(host.ApiUrl.Authority, StringComparison.OrdinalIgnoreCase))
        {
            throw new GitHubUnavailableException(request.Name, $"it leads to {url.Host}, which is not {host.ApiUrl.Host}");
        }
    }

    private sealed record Answer(GitHubResponse? Response, Uri? Moved);
}
