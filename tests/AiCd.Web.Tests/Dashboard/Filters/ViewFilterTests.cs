using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Dashboard.Filters;

namespace AiCd.Web.Tests.Dashboard.Filters;

public sealed class ViewFilterTests
{
    [Fact]
    public void An_address_says_all_that_a_view_shows()
    {
        var view = new ViewFilter(
            [JobState.Coding, JobState.PrOpen], "https://forge.example/a b", "ui & more", "greet", "approval", new DateOnly(2026, 1, 2), new DateOnly(2026, 1, 3), JobSort.LastEnded);
        var read = ViewFilter.Parse("http://127.0.0.1" + view.At("/jobs"));
        read.States.ShouldBe(view.States);
        (read with { States = view.States }).ShouldBe(view);
    }

    [Fact]
    public void Every_order_is_in_the_address() =>
        Enum.GetValues<JobSort>().Select(sort => ViewFilter.Parse((ViewFilter.All with { Sort = sort }).At("/jobs")).Sort).ShouldBe(Enum.GetValues<JobSort>());

    [Fact]
    public void What_an_address_says_wrongly_is_passed_over() =>
        ViewFilter.Parse("/jobs?state=NOTHING,FAILED&waiting=rain&from=yesterday&sort=up").ShouldSatisfyAllConditions(
            view => view.States.ShouldBe([JobState.Failed]),
            view => view.Waiting.ShouldBeNull(),
            view => view.From.ShouldBeNull(),
            view => view.Sort.ShouldBe(JobSort.Newest));

    [Fact]
    public void The_last_day_is_asked_for_to_its_end() =>
        ViewFilter.Parse("/jobs?to=2026-01-03").ToFilter().To.ShouldBe(new DateTimeOffset(2026, 1, 4, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_view_of_everything_has_a_plain_address() => ViewFilter.All.At("/jobs").ShouldBe("/jobs");
}
