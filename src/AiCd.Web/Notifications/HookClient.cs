using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AiCd.Web.Store;

namespace AiCd.Web.Notifications;

/// <summary>
/// One request to a hook. Only what the operator configured is ever called: redirects are not followed, and nothing of the answer is
/// kept but its status.
/// </summary>
internal sealed class HookClient(NotificationOptions options, TimeProvider time) : IDisposable
{
    public const string SignatureHeader = "X-AiCd-Signature-256";
    public const string DeliveryHeader = "X-AiCd-Delivery";
    public const string EventHeader = "X-AiCd-Event";

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = options.Timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Nothing that goes wrong with the hook is an exception.</summary>
    public async Task<HookAnswer> SendAsync(HookOptions hook, Notification notification, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var request = RequestOf(hook, notification);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return new HookAnswer(response.IsSuccessStatusCode, $"status {(int)response.StatusCode}", RetryAfterOf(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HookAnswer(Taken: false, $"no answer within {options.Timeout}", RetryAfter: null);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new HookAnswer(Taken: false, error.GetBaseException().Message, RetryAfter: null);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>As GitHub signs: HMAC-SHA256 over the raw body.</summary>
    public static string Sign(string secret, byte[] body) => $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";

    private static HttpRequestMessage RequestOf(HookOptions hook, Notification notification)
    {
        var content = new ByteArrayContent(notification.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("AiCd", null));
        request.Headers.Add(DeliveryHeader, notification.Id);
        request.Headers.Add(EventHeader, notification.Event);
        if (hook.Secret.Length > 0)
        {
            request.Headers.Add(SignatureHeader, Sign(hook.Secret, notification.Body));
        }

        return request;
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        ? response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        }
        : null;
}

/// <param name="Taken">The hook has it.</param>
/// <param name="Text">What came back, without secrets.</param>
/// <param name="RetryAfter">How long the hook wants to be left alone.</param>
internal sealed record HookAnswer(bool Taken, string Text, TimeSpan? RetryAfter);
