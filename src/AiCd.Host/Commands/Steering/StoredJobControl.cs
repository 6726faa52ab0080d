using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Jobs;
using AiCd.Host.Output;
using AiCd.Web.Operations;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Commands.Steering;

/// <summary>
/// Makes and steers the jobs of a data folder that no other process writes to, or of a cluster, where commands go to the node that owns
/// the job, or are handled here where no node drives jobs. They only record what is said; whoever drives the job begins what it owes then.
/// </summary>
internal sealed class StoredJobControl : IJobControl
{
    private readonly CommandScope _scope;
    private readonly IStore _store;
    private readonly EngineNode _node;
    private readonly Screen _screen;
    private readonly string _by;

    /// <summary>True in a cluster in which no node drives jobs: then this one has to take the shard of a job before it can handle its command.</summary>
    private readonly bool _alone;

    private StoredJobControl(CommandScope scope, IStore store, EngineNode node, Screen screen, string by, bool alone) =>
        (_scope, _store, _node, _screen, _by, _alone) = (scope, store, node, screen, by, alone);

    /// <summary>In the whole milliseconds that journals keep.</summary>
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_scope.Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds());

    private LinkedJobs Links => new(_node.Gateway, _store, _scope.Get<ArtifactReader>());

    /// <param name="scope">Owned by the control, once there is one.</param>
    /// <param name="by">Who gives the commands.</param>
    public static async Task<StoredJobControl> OpenAsync(CommandScope scope, Screen screen, string by, CancellationToken interrupted)
    {
        var store = await scope.Get<StoreOpener>().OpenForOneJobAsync(interrupted);
        var (time, options) = (scope.Get<TimeProvider>(), scope.Get<EngineOptions>());
        if (store.IsShared && (await store.Nodes.ReadAsync(interrupted)).Nodes.Any(other => other.HasShare))
        {
            options.Role = EngineOptions.WebRole;
        }

        var node = await EngineNode.StartAsync(
            new PausedStore(store), scope.Get<IStageWork>(), options, recover: false, time, scope.Get<ILogger<EngineNode>>(), interrupted);
        return new StoredJobControl(scope, store, node, screen, by, alone: store.IsShared && options.Role != EngineOptions.WebRole);
    }

    public Task<JobId> FindAsync(string job, CancellationToken interrupted) => JobFinder.FindAsync(_store, job, "JOB", interrupted);

    public async Task<MadeJob> SubmitAsync(JobOrder order, CancellationToken interrupted)
    {
        var submission = _scope.Get<SubmissionReader>();
        var draft = submission.DraftOf(order, _by);
        var job = await submission.ResolveAsync(draft, _screen, interrupted);

        // Not cancelled from here on: whoever interrupts this moment must still hear which job was made.
        var made = await _node.Gateway.SubmitAsync(job, CancellationToken.None);
        return made.OtherRequest
            ? throw CommandException.BadInput($"--key: expected a key of its own for every submission, got one that came first with another, which made job {made.Job}")
            : new MadeJob(made.Job, made.Created, made.Settled);
    }

    public async Task<MadeJob> RetryAsync(JobId job, CancellationToken interrupted) => MadeOf(job, await Links.RetryAsync(
        await GetAsync(job, interrupted), _by, idempotencyKey: null, Now, CancellationToken.None));

    public async Task<MadeJob> ForkAsync(JobId job, int? seq, string? agent, CancellationToken interrupted)
    {
        var origin = await GetAsync(job, interrupted);
        if (seq is { } number && (number < 1 || number > origin.Seq))
        {
            throw CommandException.BadInput($"--at: expected the number of an event, from 1 to {origin.Seq}, got '{number}'");
        }

        var agents = _scope.Get<IAgents>();
        if (agent is not null && agents.Find(agent) is null)
        {
            throw CommandException.BadInput($"--agent: expected one of {string.Join(", ", agents.Names)}, got '{agent}'");
        }

        return MadeOf(job, await Links.ForkAsync(origin, seq ?? origin.Seq, agent, _by, Now, CancellationToken.None));
    }

    public Task<SteeredJob> CancelAsync(JobId job, string reason, CancellationToken interrupted) =>
        SendAsync(job, (_, at) => new JobCommand.Cancel(reason, _by) { At = at }, interrupted);

    public Task<SteeredJob> ApproveAsync(JobId job, string? plan, CancellationToken interrupted) => SendAsync(job, (found, at) =>
    {
        var waiting = found.ProposedPlan?.Artifacts.FirstOrDefault(artifact => artifact.Kind == ArtifactKinds.Plan)?.Sha256 ?? throw Refusals.NoPlan(job, found.State);
        return plan is null || plan == waiting ? new JobCommand.ApprovePlan(waiting, _by) { At = at } : throw Refusals.OtherPlan(job, waiting);
    }, interrupted);

    public Task<SteeredJob> RejectAsync(JobId job, string reason, CancellationToken interrupted) =>
        SendAsync(job, (_, at) => new JobCommand.TurnDownPlan(reason, _by) { At = at }, interrupted);

    public Task<SteeredJob> FeedbackAsync(JobId job, string text, CancellationToken interrupted) =>
        SendAsync(job, (_, at) => new JobCommand.AddFeedback(text, _by) { At = at }, interrupted);

    public async Task<BudgetResponse> SetBudgetAsync(JobId job, BudgetRequest request, CancellationToken interrupted)
    {
        await GetAsync(job, interrupted);
        return await new JobBudgets(_scope.Get<BudgetKeeper>()).SetAsync(job.Value, request, _node.Gateway, _by, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _scope.DisposeAsync();
    }

    private async Task<SteeredJob> SendAsync(JobId job, Func<Job, DateTimeOffset, JobCommand> decide, CancellationToken interrupted)
    {
        var found = await GetAsync(job, interrupted);

        // Not cancelled from here on: whoever interrupts this moment must still hear what became of the command.
        return await _node.Gateway.SendAsync(job, decide(found, Now), cancellationToken: CancellationToken.None) switch
        {
            CommandResult.Applied applied => new SteeredJob(job, applied.Job.State, applied.Job.Seq),
            CommandResult.Refused refused => throw new CommandException(ExitCodes.Refuted, $"Job {job}: {refused.Refusal.Message}"),
            _ => throw Refusals.Pending(job),
        };
    }

    private async Task<Job> GetAsync(JobId job, CancellationToken interrupted) =>
        await (_alone ? _node.Gateway.WakeAsync(job, interrupted) : _node.Gateway.FindAsync(job, interrupted)) ?? throw CommandException.BadInput($"JOB: there is no job {job}");

    private static MadeJob MadeOf(JobId parent, LinkResult result) => result switch
    {
        LinkResult.Linked { Submit: var made } => new MadeJob(made.Job, made.Created, made.Settled, parent),
        LinkResult.Refused refused => throw new CommandException(ExitCodes.Refuted, $"Job {parent}: {refused.Refusal.Message}"),
        _ => throw new InvalidOperationException($"No rule for {result.GetType().Name}"),
    };
}
