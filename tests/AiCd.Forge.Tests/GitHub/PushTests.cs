using AiCd.Actors.Ports;
using AiCd.Testing;

namespace AiCd.Forge.Tests.GitHub;

public sealed class PushTests : GitHubFixture
{
    [Fact]
    public async Task A_push_that_was_done_already_does_nothing()
    {
        var node = App();
        var (draft, _) = await node.OpenAsync(Repository, NewJob());

        await node.Forge.PushAsync(draft, _ => throw new InvalidOperationException("The bundle is not needed"), Cancel);
    }

    [Fact]
    public async Task Another_node_pushes_from_the_bundle()
    {
        var (draft, bundle) = await App().CommitAsync(Repository, NewJob());

        await App().Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel);

        (await Repository.Git.ResolveAsync(draft.Branch, Cancel)).ShouldBe(draft.Change.CommitSha);
    }

    [Fact]
    public async Task A_linked_job_replaces_what_the_earlier_job_left_on_the_branch()
    {
        var node = App();
        var (first, _) = await node.OpenAsync(Repository, NewJob());
        var (second, bundle) = await node.CommitAsync(Repository, NewJob(), first.Branch);

        await node.Forge.PushAsync(second, _ => Task.FromResult(bundle), Cancel);

        (await Repository.Git.ResolveAsync(first.Branch, Cancel)).ShouldBe(second.Change.CommitSha);
    }

    [Fact]
    public async Task A_branch_with_somebodys_work_is_not_overwritten()
    {
        var node = App();
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());
        await Repository.Git.GitAsync(["branch", draft.Branch, "main"], Cancel);

        var refusal = await Expect.RefusalAsync(
            FaultKind.Permanent, "branch_taken", () => node.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel));

        refusal.Message.ShouldContain(GitRepository.AuthorName);
        (await Repository.Git.ResolveAsync(draft.Branch, Cancel)).ShouldBe(await Repository.Git.ResolveAsync("main", Cancel));
    }

    [Theory]
    [InlineData("main")]
    [InlineData("feature")]
    [InlineData("aicd/x:refs/heads/main")]
    [InlineData("aicd/..")]
    [InlineData("")]
    public async Task A_branch_that_cannot_be_the_jobs_own_is_refused(string branch)
    {
        var node = App();
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());

        await Expect.RefusalAsync(
            FaultKind.Permanent, "branch_invalid", () => node.Forge.PushAsync(draft with { Branch = branch }, _ => Task.FromResult(bundle), Cancel));

        (await Repository.Git.ListBranchesAsync(Cancel)).ShouldBe(["main"]);
    }

    [Fact]
    public async Task A_token_that_expired_is_replaced_for_git_too()
    {
        var node = App();
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());
        await node.OpenAsync(Repository, NewJob());
        GitHub.InstallationTokens.Clear();

        await node.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel);

        (await Repository.Git.ResolveAsync(draft.Branch, Cancel)).ShouldBe(draft.Change.CommitSha);
    }

    [Fact]
    public async Task Credentials_that_git_does_not_accept_are_called_so()
    {
        var node = WithToken();
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());
        GitHub.PersonalTokens.Clear();

        var refusal = await Should.ThrowAsync<StageException>(() => node.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel));

        refusal.Kind.ShouldBe(FaultKind.Credentials);
    }

    [Fact]
    public async Task An_app_that_may_only_read_is_refused_in_words()
    {
        Installation.Permissions["contents"] = "read";
        var node = App();
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());

        var refusal = await Expect.RefusalAsync(
            FaultKind.Permanent, "push_refused", () => node.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel));

        refusal.Message.ShouldContain("acme/app");
    }
}
