using AiCd.Web.Serving;

namespace AiCd.Web.Tests.Access;

public sealed class RateLimitsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(25)]
    [InlineData(100)]
    [InlineData(999_999)]
    [InlineData(1_000_000)]
    public void A_rate_comes_out_as_it_was_set(int perSecond)
    {
        var (tokens, period) = RateLimits.Refill(perSecond);

        tokens.ShouldBePositive();
        period.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(100));
        (tokens / period.TotalSeconds).ShouldBe(perSecond, tolerance: perSecond * 0.000_01);
    }
}
