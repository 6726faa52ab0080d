using System.Globalization;
using System.Net;

namespace AiCd.Forge.GitHub.Http;

/// <summary>What an answer says of GitHub's limits. Pure but for the clock that is handed in.</summary>
internal static class RateLimit
{
    /// <summary>Where a secondary limit comes without a time; doubled for each one in a row.</summary>
    public static readonly TimeSpan Unnamed = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    /// <returns>How long nothing may be asked, or null where the answer is no limit.</returns>
    /// <param name="row">How many limits came in a row before this one.</param>
    public static TimeSpan? Reached(HttpResponseMessage response, string reason, int row, DateTimeOffset now)
    {
        if (response.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests))
        {
            return null;
        }

        var asked = RetryAfter(response, now);
        var reset = UsedUp(response, now);
        if (asked is null && reset is null && response.StatusCode == HttpStatusCode.Forbidden
            && !reason.Contains("rate limit", StringComparison.OrdinalIgnoreCase) && !reason.Contains("abuse", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var wait = Max(asked, reset) ?? Unnamed * Math.Pow(2, Math.Min(row, 6));
        return wait > TimeSpan.Zero ? wait : Rounding;
    }

    /// <returns>How long nothing may be asked because the primary limit is used up, or null.</returns>
    public static TimeSpan? UsedUp(HttpResponseMessage response, DateTimeOffset now)
    {
        if (Number(response, "x-ratelimit-remaining") != 0 || Number(response, "x-ratelimit-reset") is not { } reset)
        {
            return null;
        }

        // The server's clock where it tells it: ours may differ.
        var left = DateTimeOffset.FromUnixTimeSeconds(reset) - (response.Headers.Date ?? now) + Rounding;
        return left < Rounding ? Rounding : left < Longest ? left : Longest;
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - (response.Headers.Date ?? now),
        _ => null,
    };

    private static long? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static TimeSpan? Max(TimeSpan? left, TimeSpan? right) => left is null || right > left ? right : left;
}
