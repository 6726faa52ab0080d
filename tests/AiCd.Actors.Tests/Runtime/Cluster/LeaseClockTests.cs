using AiCd.Actors.Runtime.Cluster;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Runtime.Cluster;

public sealed class LeaseClockTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_lease_everything_may_begin() =>
        (await new LeaseClock(_time).OutlastsAsync(TimeSpan.FromDays(1), Token)).ShouldBeTrue();

    [Fact]
    public async Task The_lease_counts_from_before_its_renewal_was_sent()
    {
        var clock = Renewed(sentBefore: TimeSpan.FromSeconds(4));

        clock.Remaining.ShouldBe(TimeSpan.FromSeconds(6));
        (await clock.OutlastsAsync(TimeSpan.FromSeconds(6), Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_lease_does_not_outlast_waits_for_the_renewal()
    {
        var clock = Renewed(sentBefore: TimeSpan.FromSeconds(8));

        var waiting = clock.OutlastsAsync(TimeSpan.FromSeconds(5), Token);
        waiting.IsCompleted.ShouldBeFalse();
        clock.Renewed(_time.GetTimestamp(), Lease);

        (await waiting).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_renewal_it_does_not_begin()
    {
        var clock = Renewed(sentBefore: TimeSpan.FromSeconds(8));

        var waiting = clock.OutlastsAsync(TimeSpan.FromSeconds(5), Token);
        _time.Advance(Lease);

        (await waiting).ShouldBeFalse();
    }

    [Fact]
    public async Task What_no_lease_outlasts_does_not_wait() =>
        (await Renewed(sentBefore: TimeSpan.Zero).OutlastsAsync(TimeSpan.FromSeconds(11), Token)).ShouldBeFalse();

    private LeaseClock Renewed(TimeSpan sentBefore)
    {
        var clock = new LeaseClock(_time);
        clock.Renewed(_time.GetTimestamp(), Lease);
        _time.Advance(sentBefore);
        return clock;
    }
}
