using System.Buffers;
using AiCd.Web.Access;
using AiCd.Web.OpenApi;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace AiCd.Web.GitHub;

/// <summary>Takes deliveries in. Nothing is done with one before it is stored.</summary>
internal static class WebhookRoutes
{
    public static void MapGitHubWebhooks(this IEndpointRouteBuilder routes) => routes.MapPost("/webhooks/github", Receive)
        .WithName("receiveGitHubDelivery").WithTags("Webhooks").Public().Problems(ProblemType.Unauthenticated, ProblemType.NotFound, ProblemType.TooLarge);

    /// <summary>Takes a delivery of GitHub in.</summary>
    /// <remarks>
    /// The signature is HMAC-SHA256 over the raw body. The delivery is stored before this answers; what it asks for is done afterwards, once,
    /// however often it is delivered.
    /// </remarks>
    internal static async Task<Accepted<ReceivedDelivery>> Receive(
        [FromHeader(Name = "X-GitHub-Delivery")] string? delivery,
        [FromHeader(Name = "X-GitHub-Event")] string? @event,
        [FromHeader(Name = "X-Hub-Signature-256")] string? signature,
        HttpContext context,
        WebhookSecrets secrets,
        IWebStore store,
        WebOptions options,
        DeliveryWake wake,
        DeliveryMemory memory,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!secrets.Any)
        {
            throw new ProblemException(ProblemType.NotFound, "No webhook secret is configured");
        }

        var body = await ReadAsync(context, options.MaxWebhookBytes, memory, cancellationToken);
        if (!secrets.Verify(body, signature ?? ""))
        {
            throw new ProblemException(ProblemType.Unauthenticated, null, "X-Hub-Signature-256", "sha256= and the HMAC of the body with a configured secret");
        }

        if (!Guid.TryParse(delivery, out var id))
        {
            throw ProblemException.Field("X-GitHub-Delivery", "a GUID", delivery);
        }

        if (@event is not { Length: > 0 and <= 100 } || !@event.All(c => char.IsAsciiLetterLower(c) || c == '_'))
        {
            throw ProblemException.Field("X-GitHub-Event", "the name of an event", @event);
        }

        var fresh = await store.ReceiveAsync(new Delivery(id.ToString(), @event, body, time.GetUtcNow()), cancellationToken);
        wake.Set();
        return TypedResults.Accepted((string?)null, new ReceivedDelivery(id.ToString(), !fresh));
    }

    private static async Task<byte[]> ReadAsync(HttpContext context, int most, DeliveryMemory memory, CancellationToken cancellationToken)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most;
        }

        if (context.Request.ContentLength > most)
        {
            throw new ProblemException(ProblemType.TooLarge, $"A delivery may have {most} bytes");
        }

        // What a request says of its length is believed when the bytes are there.
        using var body = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(65_536);
        var taken = 0L;
        try
        {
            for (int read; (read = await context.Request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                var more = Math.Max(0, body.Length + read - DeliveryMemory.Free) - taken;
                if (body.Length + read > most)
                {
                    throw new ProblemException(ProblemType.TooLarge, $"A delivery may have {most} bytes");
                }

                if (!memory.TryTake(more))
                {
                    throw new ProblemException(Problem.Of(ProblemType.Unavailable, "Too many large deliveries come at once") with { RetryAfter = 5 });
                }

                taken += more;
                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            memory.Return(taken);
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return body.ToArray();
    }
}

/// <summary>A delivery that is stored.</summary>
public sealed record ReceivedDelivery(string Delivery, bool Repeated);
