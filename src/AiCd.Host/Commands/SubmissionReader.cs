using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Host.Client;
using AiCd.Host.CommandLine;
using AiCd.Host.Configuration;
using AiCd.Host.Issues;
using AiCd.Host.Output;
using AiCd.Web.Jobs;
using AiCd.Web.Problems;

namespace AiCd.Host.Commands;

/// <summary>Makes a job of what the command line asks for, or says what is wrong with it.</summary>
internal sealed class SubmissionReader(IAgents agents, JobTargets targets, TimeProvider time)
{
    /// <summary>What can be judged without the store: agent, text and title.</summary>
    public async Task<NewJob> ReadAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var agent = request.Agent is null ? "" : agents.Find(request.Agent)?.Name
            ?? throw CommandException.BadInput($"--agent: expected one of {string.Join(", ", agents.Names)}, got '{request.Agent}'");
        if (string.IsNullOrWhiteSpace(request.Repository))
        {
            throw CommandException.BadInput("--repo: expected a path, a file URL, or owner/repo on GitHub, got ''");
        }

        var body = await IssueFile.ReadAsync(request.Issue, cancellationToken);
        return new NewJob(HostSettings.Tenant, request.Repository, request.BaseBranch ?? "", TitleOf(request.Title, body), body, agent, request.Priority);
    }

    /// <summary>Looks at the repository.</summary>
    public async Task<NewJob> ResolveAsync(NewJob draft, Screen screen, CancellationToken cancellationToken)
    {
        try
        {
            var (target, agent) = await targets.ResolveAsync(draft.Tenant, draft.Repository, draft.BaseBranch, draft.Agent, fallback: null, cancellationToken);
            if (target.Notice is { } notice)
            {
                screen.Note($"Note: {TerminalText.Line(notice)}");
            }

            return draft with { Repository = target.Repository, BaseBranch = target.BaseBranch, Agent = agent };
        }
        catch (StageException refused)
        {
            var exitCode = refused is { Kind: FaultKind.Permanent, Code: not "git_not_found" } ? ExitCodes.BadInput : ExitCodes.Environment;
            var option = refused.Code switch
            {
                "unknown_agent" or "agent_not_allowed" => "--agent",
                _ when refused.Code.StartsWith("base_", StringComparison.Ordinal) => "--base",
                _ => "--repo",
            };
            throw new CommandException(exitCode, $"{option}: {refused.Message}", refused);
        }
    }

    /// <summary>By the rules that a server has too.</summary>
    public NewJob DraftOf(JobOrder order, string by)
    {
        try
        {
            return JobSubmission.Read(order.Request, HostSettings.Tenant, agents, time.GetUtcNow()) with
            {
                By = by,
                IdempotencyKey = order.Key is { } key ? JobSubmission.KeyOf(key) : null,
                RequestHash = order.Key is null ? null : JobSubmission.HashOf(order.Request),
            };
        }
        catch (ProblemException refused)
        {
            throw CommandException.BadInput(OptionText.Of(refused.Problem.Field, refused.Message, JobOrder.Options) ?? refused.Message, refused);
        }
    }

    /// <param name="title">Null for the one that the text has.</param>
    public static string TitleOf(string? title, string body) => title is not null
        ? IssueTitle.Clean(title) ?? throw CommandException.BadInput("--title: expected a text, got a blank one")
        : IssueTitle.Of(body) ?? throw CommandException.BadInput("--title: expected a title, because the issue's text has no line to take it from");
}
