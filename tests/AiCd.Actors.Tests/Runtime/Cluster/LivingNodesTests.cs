using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime.Cluster;
using AiCd.Actors.Tests.Jobs;

namespace AiCd.Actors.Tests.Runtime.Cluster;

public sealed class LivingNodesTests
{
    private static readonly JobId First = JobId.Create(Do.T0, 1, 1);
    private static readonly JobId Second = JobId.Create(Do.T0, 2, 2);

    private readonly LivingNodes _nodes = new("self");
    private readonly List<(IReadOnlyList<string> Incarnations, IReadOnlyList<JobId> Jobs)> _gone = [];

    public LivingNodesTests()
    {
        _nodes.Gone += (incarnations, jobs) => _gone.Add((incarnations, jobs));
        _nodes.Update(View("self", "other"));
    }

    [Fact]
    public void Whoever_was_waited_for_counts_as_living_until_its_last_results_have_been_looked_for()
    {
        _nodes.Watch(First, "other");
        _nodes.Update(View("self"));

        _gone.ShouldHaveSingleItem().ShouldSatisfyAllConditions(gone => gone.Incarnations.ShouldBe(["other"]), gone => gone.Jobs.ShouldBe([First]));
        _nodes.Contains("other").ShouldBeTrue();
        _nodes.Update(View("self"));
        _gone.Count.ShouldBe(1, "it is gone once");
        _nodes.Settled(["other"]).ShouldBeEmpty();
        _nodes.Contains("other").ShouldBeFalse();
    }

    [Fact]
    public void A_job_that_begins_to_wait_meanwhile_is_told_of_at_the_end()
    {
        _nodes.Watch(First, "other");
        _nodes.Update(View("self"));

        _nodes.Watch(Second, "other");

        _gone.Count.ShouldBe(1);
        _nodes.Settled(["other"]).ShouldBe([Second]);
        _nodes.Settled(["other"]).ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_nobody_waited_for_is_gone_at_once_and_told_of_to_those_who_come()
    {
        _nodes.Update(View("self"));
        _nodes.Contains("other").ShouldBeFalse();

        _nodes.Watch(First, "other");

        _gone.ShouldHaveSingleItem().Jobs.ShouldBe([First]);
    }

    private static ClusterView View(params string[] living) =>
        new([.. living.Select(name => new NodeView(name, name, TakesShards: true, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(5)))], []);
}
