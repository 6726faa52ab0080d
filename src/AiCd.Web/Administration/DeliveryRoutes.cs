using System.ComponentModel;
using System.Text;
using AiCd.Web.Access;
using AiCd.Web.GitHub;
using AiCd.Web.Jobs;
using AiCd.Web.OpenApi;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace AiCd.Web.Administration;

/// <summary>What webhooks delivered, for those who administer the installation: a delivery may be of any tenant.</summary>
internal static class DeliveryRoutes
{
    public static void MapDeliveries(this RouteGroupBuilder api)
    {
        var deliveries = api.MapGroup("/deliveries").WithTags("Webhooks").Requires(Scopes.Admin);
        deliveries.MapGet("/", List).WithName("listDeliveries").Problems(ProblemType.InvalidCursor);
        deliveries.MapGet("/{delivery}", Get).WithName("getDelivery").Problems(ProblemType.NotFound);
        deliveries.MapPost("/{delivery}/redeliver", Redeliver).WithName("redeliver").Audited("delivery.redeliver").Problems(ProblemType.NotFound);
    }

    /// <summary>Lists deliveries, the last received first.</summary>
    internal static async Task<Ok<DeliveryPage>> List(
        IWebStore store,
        [Description("`next` of the page before.")] string? cursor,
        [Description("From 1 to 200; 50 by default.")] int? limit,
        CancellationToken cancellationToken)
    {
        var size = FieldRules.Number("limit", limit ?? 50, 1, 200);
        if (cursor is not null && (!IsId(cursor) || await store.FindDeliveryAsync(cursor, cancellationToken) is null))
        {
            throw new ProblemException(ProblemType.InvalidCursor, "The cursor was not given out for this list", "cursor", "`next` of the page before");
        }

        var found = await store.ListDeliveriesAsync(cursor, size + 1, cancellationToken);
        return TypedResults.Ok(new DeliveryPage(
            [.. found.Take(size).Select(delivery => new DeliveryDetails(
                delivery.Id, delivery.Event, delivery.Size, delivery.ReceivedAt, delivery.AppliedAt, delivery.Outcome, delivery.Attempts))],
            found.Count > size ? found[size - 1].Id : null));
    }

    /// <summary>Shows a delivery with its body, as it was received.</summary>
    internal static async Task<Ok<DeliveryContent>> Get(string delivery, IWebStore store, CancellationToken cancellationToken)
    {
        var found = await FindAsync(delivery, store, cancellationToken);
        return TypedResults.Ok(new DeliveryContent(Shown(found), Encoding.UTF8.GetString(found.Body)));
    }

    /// <summary>Applies a delivery once more. What it asked for and got is not done a second time.</summary>
    internal static async Task<Accepted<DeliveryDetails>> Redeliver(string delivery, IWebStore store, Redelivery redelivery, CancellationToken cancellationToken)
    {
        var found = await FindAsync(delivery, store, cancellationToken);
        await redelivery.RunAsync(found.Id, cancellationToken);
        return TypedResults.Accepted($"/api/v1/deliveries/{found.Id}", Shown(found with { AppliedAt = null, Outcome = null, Attempts = 0 }));
    }

    private static async Task<Delivery> FindAsync(string id, IWebStore store, CancellationToken cancellationToken) =>
        (IsId(id) ? await store.FindDeliveryAsync(id, cancellationToken) : null) ?? throw ProblemException.NotFound("delivery");

    private static bool IsId(string text) => Guid.TryParseExact(text, "D", out _);

    private static DeliveryDetails Shown(Delivery delivery) => new(
        delivery.Id, delivery.Event, delivery.Body.Length, delivery.ReceivedAt, delivery.AppliedAt, delivery.Outcome, delivery.Attempts);
}

/// <summary>A delivery of a webhook.</summary>
public sealed record DeliveryDetails(
    [property: Description("The sender's GUID.")] string Id,
    string Event,
    [property: Description("Of the body, in bytes.")] long Size,
    DateTimeOffset ReceivedAt,
    [property: Description("Missing where it is still to be applied.")] DateTimeOffset? AppliedAt,
    [property: Description("What came of it.")] string? Outcome,
    [property: Description("How often it was taken up.")] int Attempts);

public sealed record DeliveryPage(IReadOnlyList<DeliveryDetails> Items, [property: Description("For the next page; missing on the last.")] string? Next);

/// <summary>A delivery and what it says. Whoever sent it wrote the body: it is not to be trusted.</summary>
public sealed record DeliveryContent(DeliveryDetails Details, string Body);
