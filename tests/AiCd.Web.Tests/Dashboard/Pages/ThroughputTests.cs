using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Dashboard.Pages.Board;

namespace AiCd.Web.Tests.Dashboard.Pages;

public sealed class ThroughputTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public void Ends_are_counted_in_the_hour_in_which_they_were()
    {
        var drawn = Throughput.Of([Ended(JobState.Completed, -0.5, 10), Ended(JobState.Failed, -0.6, 30), Ended(JobState.Completed, -23.5, 20), Ended(JobState.Completed, -30, 1)], Now, Day, isCut: false);
        drawn.Bucket.ShouldBe(TimeSpan.FromHours(1));
        drawn.Completed[^1].ShouldBe(1);
        drawn.Failed[^1].ShouldBe(1);
        drawn.Completed[0].ShouldBe(1);
        drawn.Completed.Sum().ShouldBe(2);
        drawn.Median[Stage.Planning][^1].ShouldBe(30);
        drawn.Median[Stage.Planning][5].ShouldBeNull();
        drawn.Median[Stage.Coding][^1].ShouldBeNull();
    }

    [Fact]
    public void Where_there_are_older_ends_only_the_time_that_was_read_is_drawn()
    {
        var drawn = Throughput.Of([Ended(JobState.Completed, -1, 1), Ended(JobState.Completed, -2, 1)], Now, Day, isCut: true);
        drawn.From.ShouldBe(Now.AddHours(-2));
        drawn.Bucket.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Nothing_that_ended_is_drawn_as_nothing() => Throughput.Of([], Now, Day, isCut: false).Completed.Sum().ShouldBe(0);

    private static JobView Ended(JobState state, double hours, long planning) => new(
        JobId.Create(Now, 0, 1), "acme", state, 1, "t", "r", "main", "b", "mock", 0, 0, 1, null, null, null, null, Now, Now)
    {
        EndedAt = Now.AddHours(hours),
        Times = new StageTimes(planning, 0, 0, 0),
    };
}
