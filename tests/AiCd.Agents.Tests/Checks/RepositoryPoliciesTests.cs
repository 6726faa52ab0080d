using System.Text;
using AiCd.Actors.Ports;
using AiCd.Agents.Checks;
using AiCd.Agents.Sandbox;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Tests.Checks;

public sealed class RepositoryPoliciesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_tells_agent_base_and_labels()
    {
        var wishes = await ReadAsync("agent: anthropic\nbase: develop\nlabels: [bot, needs docs]\n");

        (wishes.Agent, wishes.BaseBranch).ShouldBe(("anthropic", "develop"));
        wishes.Labels.ShouldBe(["bot", "needs docs"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("test: make\n")]
    [InlineData("agent: anthropic\nbogus: 1\n")]
    public async Task No_file_one_that_says_nothing_of_it_and_one_that_cannot_be_used_ask_for_nothing(string? file)
    {
        var wishes = await ReadAsync(file);

        (wishes.Agent, wishes.BaseBranch, wishes.Labels.Count).ShouldBe((null, null, 0));
    }

    [Fact]
    public async Task A_file_that_the_base_does_not_have_as_a_plain_file_asks_for_nothing_and_other_faults_are_told()
    {
        (await PoliciesOf().ReadWishesAsync((_, _, _) => throw new StageException(FaultKind.Permanent, "base_file_refused", "a link"), Cancelled)).ShouldBe(RepositoryWishes.None);
        (await Should.ThrowAsync<StageException>(PoliciesOf().ReadWishesAsync(
            (_, _, _) => throw new StageException(FaultKind.ProviderDown, "github_unavailable", "down"), Cancelled))).Code.ShouldBe("github_unavailable");
    }

    [Fact]
    public void Repositories_may_ask_for_the_agents_that_the_operator_lists_and_for_any_where_none_is()
    {
        PoliciesOf().RequireAgent("command");
        var listed = PoliciesOf("mock", "Anthropic");
        listed.RequireAgent("anthropic");

        var refused = Should.Throw<StageException>(() => listed.RequireAgent("command"));

        (refused.Kind, refused.Code).ShouldBe((FaultKind.Permanent, "agent_not_allowed"));
        refused.Message.ShouldBe(".aicd.yml: agent: expected one of mock, Anthropic (AiCd:Policy:Agents), found 'command'");
    }

    [Fact]
    public void A_model_is_for_the_agent_that_the_file_names_or_for_any_and_has_to_be_allowed()
    {
        var policy = new StagePolicy { Model = "big" };
        policy.ModelFor("command").ShouldBe("big");
        (policy with { Agent = "Anthropic" }).ModelFor("anthropic").ShouldBe("big");
        (policy with { Agent = "anthropic" }).ModelFor("command").ShouldBeNull();
        new StagePolicy { AllowedModels = ["small"] }.ModelFor("command").ShouldBeNull();
        (policy with { AllowedModels = ["big"] }).ModelFor("command").ShouldBe("big");

        var refused = Should.Throw<StageException>(() => (policy with { AllowedModels = ["small"] }).ModelFor("command"));

        (refused.Kind, refused.Code).ShouldBe((FaultKind.Permanent, "model_not_allowed"));
    }

    private static Task<RepositoryWishes> ReadAsync(string? file) =>
        PoliciesOf().ReadWishesAsync((_, _, _) => Task.FromResult(file is null ? null : Encoding.UTF8.GetBytes(file)), Cancelled);

    private static RepositoryPolicies PoliciesOf(params string[] agents) =>
        new(Options.Create(new PolicyOptions { Agents = agents }), Options.Create(new SandboxOptions()));
}
