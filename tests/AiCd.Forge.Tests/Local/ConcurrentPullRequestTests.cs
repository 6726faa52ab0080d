using AiCd.Actors.Jobs.Payloads;
using AiCd.Testing;

namespace AiCd.Forge.Tests.Local;

public sealed class ConcurrentPullRequestTests
{
    private const int Rounds = 50;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_nodes_that_open_for_one_branch_at_once_open_one_pull_request()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        using var first = new TestForge();
        using var second = new TestForge();
        var change = new CommittedChange(await source.ResolveAsync("main", Cancel), "", "", "", 0, 0, 0);

        for (var round = 1; round <= Rounds; round++)
        {
            var draft = TestForge.Draft(source, TestForge.NewJob(), change, $"aicd/branch-{round}");

            var opened = await Task.WhenAll(first.Forge.OpenPullRequestAsync(draft, Cancel), second.Forge.OpenPullRequestAsync(draft, Cancel));

            opened[0].ShouldBe(opened[1]);
            opened[0].Number.ShouldBe(round);
        }

        (await first.PullRequests.ListAsync(source.Location, Cancel)).Select(pull => pull.Branch)
            .ShouldBe(Enumerable.Range(1, Rounds).Select(round => $"aicd/branch-{round}"));
    }

    [Fact]
    public async Task Openers_for_many_branches_at_once_get_numbers_without_gaps()
    {
        using var source = await GitRepository.CreateAsync(cancellationToken: Cancel);
        using var first = new TestForge();
        using var second = new TestForge();
        var change = new CommittedChange(await source.ResolveAsync("main", Cancel), "", "", "", 0, 0, 0);

        var drafts = Enumerable.Range(0, 6).Select(i => TestForge.Draft(source, TestForge.NewJob(), change, $"aicd/branch-{i}")).ToArray();

        var opened = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            (i % 2 == 0 ? first : second).Forge.OpenPullRequestAsync(drafts[i / 2], Cancel)));

        opened.Select(pull => pull.Number).Distinct().Order().ShouldBe(Enumerable.Range(1, 6));
        opened.Select(pull => pull.Branch).Distinct().Count().ShouldBe(6);
    }
}
