using System.Globalization;
using System.Text.Json;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Sandbox;
using AiCd.Agents.Text;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Command;

/// <summary>
/// Any headless coding agent: a program that reads what is to be done as JSON, works in the worktree, and writes its result as JSON.
/// It runs in the sandbox, with a worktree that it may change while coding only.
/// </summary>
internal sealed class CommandAgent(ISandbox sandbox, IStagePolicies policies, IOptions<CommandAgentOptions> options) : IAgent
{
    public const string AgentName = "command";

    /// <summary>An answer beyond this many characters is none.</summary>
    public const int MaxAnswer = 4 * 1024 * 1024;

    private const int MaxRecorded = 200_000;
    private const int MaxReported = 200;
    private const int MaxReason = 2000;
    private const int CannotExecute = 126;
    private const int NotFound = 127;

    private readonly CommandAgentOptions _options = options.Value;

    public string Name => AgentName;

    public async Task<PlanResult> PlanAsync(StageContext context, CancellationToken cancellationToken) =>
        CommandAnswerReader.Plan(await AskAsync(context, "plan", null, cancellationToken));

    public async Task<CodeResult> CodeAsync(StageContext context, CancellationToken cancellationToken) =>
        CommandAnswerReader.Code(await AskAsync(context, "code", null, cancellationToken));

    public async Task<ReviewResult> ReviewAsync(StageContext context, CancellationToken cancellationToken)
    {
        var subject = context.Subject ?? throw new ArgumentException("There is nothing to review in this context", nameof(context));
        var change = new CommandChange(subject.Change.CommitSha, subject.Summary, subject.Diff, subject.Checks.Checks);
        return CommandAnswerReader.Review(await AskAsync(context, "review", change, cancellationToken));
    }

    private async Task<CommandAnswer> AskAsync(StageContext context, string stage, CommandChange? change, CancellationToken cancellationToken)
    {
        if (_options.Arguments.Count == 0)
        {
            throw new StageException(FaultKind.Permanent, "command_not_configured", $"{CommandAgentOptions.Section}:Arguments: expected the program that is this agent, found none");
        }

        var secrets = CommandSecrets.Of(_options.Environment);
        var policy = await policies.FindAsync(context, cancellationToken);
        var request = JsonSerializer.Serialize(Request(context, stage, policy, change), CommandJson.Default.CommandRequest);
        context.Progress.Record("user", PlainText.Block(request, MaxRecorded));
        var result = await sandbox.RunAsync(Command(context, stage, policy, request, secrets), cancellationToken);
        context.Progress.Record("command", PlainText.Block(secrets.Hide(result.Output), MaxRecorded) + (result.Note is null ? "" : $"\n[{result.Note}]"));
        return Judge(result, secrets);
    }

    private CommandRequest Request(StageContext context, string stage, StagePolicy policy, CommandChange? change) => new(
        CommandRequest.Version,
        stage,
        new CommandJob(context.Job.Id.Value, context.Job.Repository, context.Job.BaseBranch, context.AttemptId, context.AttemptNumber, context.Job.Round),
        context.Job.Issue,
        ModelOf(policy),
        new CommandPolicy(policy.AllowedTools, policy.ProtectedPaths, policy.ReviewRules, policy.Commands),
        context.Job.Feedback,
        context.Plan,
        change);

    private SandboxCommand Command(StageContext context, string stage, StagePolicy policy, string request, CommandSecrets secrets) => new()
    {
        Worktree = context.Worktree,
        Writable = stage == "code",
        Arguments = CommandTemplate.Fill(_options.Arguments, new Dictionary<string, string>
        {
            ["stage"] = stage,
            ["job"] = context.Job.Id.Value,
            ["attempt"] = context.AttemptId,
            ["round"] = context.Job.Round.ToString(CultureInfo.InvariantCulture),
            ["base"] = context.Job.BaseBranch,
            ["model"] = ModelOf(policy) ?? "",
        }),
        Environment = secrets.Variables,
        Input = request,
        Network = _options.Network,
        Timeout = _options.Timeout,
        OutputLimit = MaxAnswer,
        OnLine = line =>
        {
            // The answer itself is no news.
            if (!line.StartsWith('{') && PlainText.Line(secrets.Hide(line), MaxReported) is { Length: > 0 } text)
            {
                context.Progress.Report(text);
            }
        },
    };

    private static CommandAnswer Judge(SandboxResult result, CommandSecrets secrets)
    {
        if (result.End == SandboxEnd.TimedOut)
        {
            throw new StageException(FaultKind.Timeout, "command_timeout", $"The program gave no answer: {result.Note}");
        }

        if (result.End == SandboxEnd.KilledByLimit)
        {
            throw new StageException(FaultKind.Transient, "command_limit", $"The program met a limit of its sandbox: {result.Note}");
        }

        if (result.ExitCode is CannotExecute or NotFound)
        {
            throw new StageException(FaultKind.Permanent, "command_not_found", $"The program could not be run in the sandbox (AiCd:Sandbox:ToolFolders says what is there): {Reason(result, secrets)}");
        }

        if (result.StandardOutputCut)
        {
            throw new StageException(FaultKind.Transient, "command_output_too_large", $"The program's answer is longer than {MaxAnswer} characters");
        }

        // A program that fails may still say how: its own word is worth more than its exit code.
        if (result.ExitCode != 0 && !SaysHow(result.StandardOutput))
        {
            throw new StageException(FaultKind.Transient, "command_failed", $"The program ended with exit code {result.ExitCode}: {Reason(result, secrets)}");
        }

        var answer = CommandAnswerReader.Read(secrets.Hide(result.StandardOutput));
        return result.ExitCode == 0
            ? answer
            : throw new StageException(FaultKind.Transient, "command_failed", $"The program ended with exit code {result.ExitCode} after its answer");
    }

    private static bool SaysHow(string output)
    {
        try
        {
            return JsonSerializer.Deserialize(output, CommandJson.Default.CommandAnswer)?.Error is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private string? ModelOf(StagePolicy policy) => policy.ModelFor(AgentName) ?? (_options.Model.Length > 0 ? _options.Model : null);

    private static string Reason(SandboxResult result, CommandSecrets secrets)
    {
        var output = PlainText.Block(secrets.Hide(result.Output), int.MaxValue).Trim();
        return output.Length <= MaxReason ? output : "… " + output[^MaxReason..];
    }
}
