using AiCd.Forge.GitHub.Api;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>
/// Finds webhook deliveries that never arrived, because AiCd or the way to it was down, and has GitHub deliver them again. A delivery
/// keeps its GUID, by which the inbox knows one that it has.
/// </summary>
internal sealed class MissedDeliveries(AppApi app, GitHubOptions options, TimeProvider time, ILogger<MissedDeliveries> logger)
{
    // GitHub keeps deliveries for three days.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3);

    // One that is under way, or was asked for a moment ago, is left alone.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    // Whatever fails this often fails for another reason than that nobody listened.
    private const int MaxAttempts = 5;

    public bool CanAsk => options.HasApp && options.HasWebhook;

    /// <returns>How many are delivered again.</returns>
    public async Task<int> RedeliverAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var missed = (await app.ListDeliveriesAsync(now - Kept, cancellationToken))
            .Where(delivery => delivery.Guid is not null)
            .GroupBy(delivery => delivery.Guid!)
            .Where(attempts => !attempts.Any(Arrived) && attempts.Count() < MaxAttempts && attempts.Max(attempt => attempt.DeliveredAt) < now - Settled)
            .Select(attempts => attempts.MinBy(attempt => attempt.DeliveredAt)!)
            .OrderBy(delivery => delivery.DeliveredAt)
            .ToList();
        foreach (var delivery in missed)
        {
            logger.DeliveryMissed($"{delivery.Event}.{delivery.Action}", delivery.Guid!);
            await app.RedeliverAsync(delivery.Id, cancellationToken);
        }

        return missed.Count;
    }

    private static bool Arrived(DeliveryBody delivery) => delivery.StatusCode is >= 200 and < 300;
}
