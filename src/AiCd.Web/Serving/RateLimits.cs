using System.Threading.RateLimiting;
using AiCd.Web.Access;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.Http;

namespace AiCd.Web.Serving;

/// <summary>Lets every key, and every address without one, ask only so often.</summary>
internal sealed class RateLimits : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly PartitionedRateLimiter<HttpContext> _limiter;

    public RateLimits(RequestDelegate next, WebOptions options)
    {
        _next = next;
        var (tokens, period) = Refill(options.RequestsPerSecond);
        _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(NameOf(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.RequestBurst,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = period,
            QueueLimit = 0,
        }));
    }

    /// <returns>Whole tokens, at most ten times a second: any rate comes out as it was set.</returns>
    internal static (int Tokens, TimeSpan Period) Refill(int perSecond)
    {
        var tokens = (perSecond + 9) / 10;
        return (tokens, TimeSpan.FromSeconds((double)tokens / perSecond));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/health"))
        {
            await _next(context);
            return;
        }

        using var lease = _limiter.AttemptAcquire(context);
        if (!lease.IsAcquired)
        {
            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            throw new ProblemException(Problem.Of(ProblemType.TooManyRequests) with { RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) });
        }

        await _next(context);
    }

    public void Dispose() => _limiter.Dispose();

    private static string NameOf(HttpContext context) => context.Features.Get<Caller>() is { } caller
        ? "key:" + caller.KeyId
        : "address:" + context.Connection.RemoteIpAddress;
}
