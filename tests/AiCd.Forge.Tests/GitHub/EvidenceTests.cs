using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Testing.GitHub;

namespace AiCd.Forge.Tests.GitHub;

public sealed class EvidenceTests : GitHubFixture
{
    private static ReviewEvidence Evidence(int exitCode = 0) => new(
        "tree1", "Looks right", [new CheckRun("test", "make test | tee log", exitCode, TimeSpan.FromSeconds(2), "ok\n```\n# not a heading\n")]);

    private async Task<(GitHubNode Node, PullRequestDraft Draft)> PushedAsync(GitHubNode node)
    {
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());
        await node.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel);
        return (node, draft);
    }

    [Fact]
    public async Task An_app_shows_evidence_as_one_check_run_of_the_commit()
    {
        var (node, draft) = await PushedAsync(App());

        var first = await node.Forge.ReportEvidenceAsync(draft, Evidence(exitCode: 1), Cancel);
        var second = await node.Forge.ReportEvidenceAsync(draft, Evidence(), Cancel);

        second.ShouldBe(first);
        var check = Repository.Checks.ShouldHaveSingleItem();
        check.Sha.ShouldBe(draft.Change.CommitSha);
        check.Conclusion.ShouldBe("success");
        check.Summary.ShouldContain("tree1");
        check.Summary.ShouldContain("make test \\| tee log");
        check.Text.ShouldContain("    # not a heading");
    }

    [Fact]
    public async Task A_token_shows_it_as_a_commit_status_once()
    {
        var (node, draft) = await PushedAsync(WithToken());

        await node.Forge.ReportEvidenceAsync(draft, Evidence(), Cancel);
        await node.Forge.ReportEvidenceAsync(draft, Evidence(), Cancel);

        var status = Repository.Statuses.ShouldHaveSingleItem();
        status.State.ShouldBe("success");
        status.Description.ShouldContain("1 of 1 checks passed");
    }

    [Fact]
    public async Task Without_the_permission_the_job_goes_on_and_says_why()
    {
        Installation.Permissions.Remove("checks");
        var (node, draft) = await PushedAsync(App());

        (await node.Forge.ReportEvidenceAsync(draft, Evidence(), Cancel)).ShouldStartWith("not shown: ");
    }

    [Fact]
    public async Task A_check_run_that_was_made_without_an_answer_is_found()
    {
        var (node, draft) = await PushedAsync(App());
        GitHub.Plan(request => request is { Method: "POST", Path: "repos/acme/app/check-runs" }, new Fault.Cut(After: true));
        await Should.ThrowAsync<StageException>(() => node.Forge.ReportEvidenceAsync(draft, Evidence(), Cancel));

        await node.Forge.ReportEvidenceAsync(draft, Evidence(), Cancel);

        Repository.Checks.Count.ShouldBe(1);
    }
}
