using AiCd.Actors.Ports;
using AiCd.Agents.Mock;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Tests;

public sealed class AgentsRegistrationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_agent_is_there_without_configuration()
    {
        using var host = HostWith();
        await host.StartAsync(Cancelled);

        var agents = host.Services.GetRequiredService<IAgents>();

        agents.Names.ShouldBe(["anthropic", "command", "mock", "openai"]);
        agents.Find("Mock").ShouldBeOfType<MockAgent>().Name.ShouldBe("mock");
        agents.Find("unknown").ShouldBeNull();
        agents.Find("").ShouldBeNull();
        host.Services.GetRequiredService<IOptions<MockAgentOptions>>().Value.Delay.ShouldBe(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Options_are_read_from_their_section()
    {
        using var host = HostWith(("Delay", "00:00:02"), ("FailPlanning", "1"), ("FailCoding", "2"), ("FailReview", "3"), ("RejectReview", "-1"));

        var options = host.Services.GetRequiredService<IOptions<MockAgentOptions>>().Value;

        options.ShouldBeEquivalentTo(new MockAgentOptions
        {
            Delay = TimeSpan.FromSeconds(2),
            FailPlanning = 1,
            FailCoding = 2,
            FailReview = 3,
            RejectReview = MockAgentOptions.Always,
        });
    }

    [Theory]
    [InlineData("Delay", "-00:00:01", "AiCd:Agents:Mock:Delay: expected a time span from 00:00:00 to 01:00:00, got '-00:00:01'")]
    [InlineData("Delay", "01:00:01", "AiCd:Agents:Mock:Delay: expected a time span from 00:00:00 to 01:00:00, got '01:00:01'")]
    [InlineData("FailPlanning", "-2", "AiCd:Agents:Mock:FailPlanning: expected a number of attempts from 0, or -1 for all, got '-2'")]
    [InlineData("FailCoding", "-9", "AiCd:Agents:Mock:FailCoding: expected a number of attempts from 0, or -1 for all, got '-9'")]
    [InlineData("FailReview", "-2", "AiCd:Agents:Mock:FailReview: expected a number of attempts from 0, or -1 for all, got '-2'")]
    [InlineData("RejectReview", "-2", "AiCd:Agents:Mock:RejectReview: expected a number of review rounds from 0, or -1 for all, got '-2'")]
    public async Task Options_out_of_range_keep_the_host_from_starting(string key, string value, string message)
    {
        using var host = HostWith((key, value));

        var refused = await Should.ThrowAsync<OptionsValidationException>(host.StartAsync(Cancelled));

        refused.Failures.ShouldBe([message]);
    }

    [Fact]
    public async Task Every_option_out_of_range_is_named_at_once()
    {
        using var host = HostWith(("FailReview", "-2"), ("Delay", "02:00:00"));

        var refused = await Should.ThrowAsync<OptionsValidationException>(host.StartAsync(Cancelled));

        refused.Failures.Count().ShouldBe(2);
    }

    [Fact]
    public void Names_are_sorted_and_unique()
    {
        new AgentRegistry([new Named("zeta"), new Named("Alpha"), new Named("mock")]).Names.ShouldBe(["Alpha", "mock", "zeta"]);
        Should.Throw<ArgumentException>(() => new AgentRegistry([new Named("mock"), new Named("MOCK")])).Message.ShouldContain("'MOCK'");
    }

    private static IHost HostWith(params (string Key, string Value)[] options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            options.Select(option => KeyValuePair.Create($"AiCd:Agents:Mock:{option.Key}", (string?)option.Value)));
        builder.Services.AddAiCdAgents();
        return builder.Build();
    }

    private sealed class Named(string name) : IAgent
    {
        public string Name => name;

        public Task<Actors.Jobs.Payloads.PlanResult> PlanAsync(StageContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Actors.Jobs.Payloads.CodeResult> CodeAsync(StageContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Actors.Jobs.Payloads.ReviewResult> ReviewAsync(StageContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
