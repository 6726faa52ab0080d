using System.Collections.Frozen;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Configuration;
using AiCd.Agents.Loop;
using AiCd.Agents.Models;
using AiCd.Agents.Pricing;
using AiCd.Agents.Prompts;
using AiCd.Agents.Sandbox;
using AiCd.Agents.Tools;

namespace AiCd.Agents.Stages;

/// <summary>An agent on a model, whoever provides that: stages differ in their prompt, their tools and the form of their result.</summary>
internal sealed class ModelAgent(
    string name, ModelAgentOptions options, IEnumerable<IModelClient> clients, PriceTable prices, ISandbox sandbox, IStagePolicies policies, TimeProvider time) : IAgent
{
    private readonly FrozenDictionary<string, IModelClient> _clients = clients.ToFrozenDictionary(client => client.Provider, StringComparer.OrdinalIgnoreCase);

    public string Name => name;

    public Task<PlanResult> PlanAsync(StageContext context, CancellationToken cancellationToken) => RunAsync(
        context,
        (policy, guidance) => new Assignment<PlanResult>(
            PromptLibrary.Newest("plan"), TaskText.Plan(context, policy, guidance), ReadOnlyTools(context, policy), new PlanSubmission()),
        cancellationToken);

    public Task<CodeResult> CodeAsync(StageContext context, CancellationToken cancellationToken) => RunAsync(
        context,
        (policy, guidance) => new Assignment<CodeResult>(
            PromptLibrary.Newest("code"), TaskText.Code(context, policy, guidance), AllTools(context, policy), new CodeSubmission()),
        cancellationToken);

    public Task<ReviewResult> ReviewAsync(StageContext context, CancellationToken cancellationToken)
    {
        var subject = context.Subject ?? throw new ArgumentException("There is nothing to review in this context", nameof(context));
        return RunAsync(
            context,
            (policy, guidance) => new Assignment<ReviewResult>(
                PromptLibrary.Newest("review"), TaskText.Review(context, subject, policy, guidance), ReadOnlyTools(context, policy), new ReviewSubmission()),
            cancellationToken);
    }

    private async Task<TResult> RunAsync<TResult>(
        StageContext context, Func<StagePolicy, Guidance, Assignment<TResult>> assign, CancellationToken cancellationToken)
        where TResult : class
    {
        var policy = await policies.FindAsync(context, cancellationToken);
        var settings = options.For(context.Stage);
        settings = policy.ModelFor(name) is { } model ? settings with { Model = model } : settings;
        var assignment = assign(policy, await Guidance.ReadAsync(sandbox, context.Worktree, cancellationToken));
        var calls = new ModelCalls(settings, name, _clients, prices, context);
        return await new AgentLoop<TResult>(assignment, settings, calls, context, time).RunAsync(cancellationToken);
    }

    private IReadOnlyList<IAgentTool> ReadOnlyTools(StageContext context, StagePolicy policy) => Allowed(policy,
    [
        new ViewTool(new Worktree(sandbox, context.Worktree, writable: false)),
        new SearchTool(sandbox, context.Worktree),
    ]);

    private IReadOnlyList<IAgentTool> AllTools(StageContext context, StagePolicy policy) => Allowed(policy,
    [
        new BashTool(sandbox, context.Worktree, policy.Network, options.CommandTimeout),
        new ViewTool(new Worktree(sandbox, context.Worktree, writable: true)),
        new EditTool(new Worktree(sandbox, context.Worktree, writable: true), policy),
        new SearchTool(sandbox, context.Worktree),
    ]);

    private static IReadOnlyList<IAgentTool> Allowed(StagePolicy policy, IReadOnlyList<IAgentTool> tools) =>
        [.. tools.Where(tool => policy.AllowedTools is null || policy.AllowedTools.Contains(tool.Definition.Name))];
}
