using System.CommandLine;
using System.ComponentModel;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Host.Client;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Steering;
using AiCd.Host.Jobs;
using AiCd.Host.Output;
using AiCd.Web.Jobs;
using ModelContextProtocol;
using JobDetails = AiCd.Host.Jobs.JobDetails;

namespace AiCd.Host.Commands.Mcp;

/// <summary>
/// What assistants can do with jobs. Every call opens what the command line names and closes it again: a server may start or stop
/// meanwhile, and a data folder is not held.
/// </summary>
internal sealed class JobTools(Screen screen, ParseResult arguments)
{
    private const string Job = "The job's id, or a unique beginning of it";

    [Description("Hands an issue over: makes a job that plans, codes, reviews and opens a pull request. Returns at once with the job's id.")]
    public Task<string> SubmitAsync(
        [Description("The git repository: a path, a file URL, or owner/repo on GitHub")] string repository,
        [Description("One line")] string title,
        [Description("The issue's text, in Markdown")] string body,
        CancellationToken cancellationToken,
        [Description("The branch to start from and to merge into; by default the one checked out")] string? baseBranch = null,
        [Description("Who plans, codes and reviews")] string? agent = null,
        [Description("True where a person has to approve the plan before anything is coded")] bool requirePlanApproval = false,
        [Description("What the job may spend, in US dollars")] decimal? budget = null) =>
        SteerAsync(async control => JsonSerializer.Serialize(
            await control.SubmitAsync(
                new JobOrder(new SubmitJobRequest(
                    title,
                    Directory.Exists(repository) ? Path.GetFullPath(repository) : repository,
                    body,
                    BaseBranch: baseBranch,
                    Agent: agent,
                    Budget: budget,
                    RequirePlanApproval: requirePlanApproval), Key: null),
                cancellationToken),
            SteeringJson.Default.MadeJob), cancellationToken);

    [Description("Lists jobs, the newest first.")]
    public Task<string> ListAsync(
        CancellationToken cancellationToken,
        [Description("QUEUED, PLANNING, CODING, REVIEWING, PR_OPEN, COMPLETED, FAILED or CANCELLED; by default all")] string? state = null,
        [Description("At most so many, from 1 to 200")] int limit = 20) =>
        ReadAsync(async jobs =>
        {
            JobState? wanted = state is null
                ? null
                : WireNames.TryParse<JobState>(state.ToUpperInvariant(), out var known)
                    ? known
                    : throw CommandException.BadInput($"state: expected one of {string.Join(", ", WireNames.All<JobState>())}, got '{state}'");
            return limit is >= 1 and <= 200
                ? JobListText.JsonOf(await jobs.ListAsync(wanted, limit, cancellationToken))
                : throw CommandException.BadInput($"limit: expected a whole number from 1 to 200, got '{limit}'");
        }, cancellationToken);

    [Description("Shows a job: state, history, attempts, pull request, failure.")]
    public Task<string> ShowAsync([Description(Job)] string job, CancellationToken cancellationToken) =>
        AboutAsync(job, async (jobs, id) => JobDetailsText.JsonOf(await JobDetails.ReadAsync(jobs.ReadAsync(id, cancellationToken), id)), cancellationToken);

    [Description("Reads the plan of a job: the one that waits for approval, or the one that it follows.")]
    public Task<string> PlanAsync([Description(Job)] string job, CancellationToken cancellationToken) =>
        AboutAsync(job, async (jobs, id) =>
        {
            var found = (await JobDetails.ReadAsync(jobs.ReadAsync(id, cancellationToken), id)).Job;
            var plan = (found?.ProposedPlan ?? found?.Plan)?.Artifacts.FirstOrDefault(artifact => artifact.Kind == ArtifactKinds.Plan)
                ?? throw new CommandException(ExitCodes.Refuted, $"Job {id} has no plan yet");
            return await jobs.ArtifactsOf(id).FindTextAsync(found!.Submission.Tenant, plan, cancellationToken)
                ?? throw new CommandException(ExitCodes.Refuted, $"The plan of job {id} is not kept any more");
        }, cancellationToken);

    [Description("Reads what a job changed, as a unified diff.")]
    public Task<string> DiffAsync([Description(Job)] string job, CancellationToken cancellationToken) =>
        AboutAsync(job, async (jobs, id) =>
        {
            var round = await JobRound.FindAsync(jobs.ReadAsync(id, cancellationToken), id, round: null);
            return await jobs.ArtifactsOf(id).ReadTextAsync(round.Job.Submission.Tenant, round.Diff, cancellationToken);
        }, cancellationToken);

    [Description("Approves the plan that waits. Read it first, and pass on its hash so that nothing else is approved.")]
    public Task<string> ApproveAsync(
        [Description(Job)] string job, CancellationToken cancellationToken, [Description("SHA-256 of the plan that was read, as show_job has it")] string? plan = null) =>
        SteerAsync(job, (control, id) => control.ApproveAsync(id, plan, cancellationToken), cancellationToken);

    [Description("Turns down the plan that waits; planning starts anew with the reason.")]
    public Task<string> RejectAsync([Description(Job)] string job, [Description("What is to be different")] string reason, CancellationToken cancellationToken) =>
        SteerAsync(job, (control, id) => control.RejectAsync(id, SteeringOptions.NotBlank(reason, "reason"), cancellationToken), cancellationToken);

    [Description("Tells a job something that its next attempt heeds.")]
    public Task<string> FeedbackAsync([Description(Job)] string job, [Description("What the agent is to heed")] string text, CancellationToken cancellationToken) =>
        SteerAsync(job, (control, id) => control.FeedbackAsync(id, SteeringOptions.NotBlank(text, "text"), cancellationToken), cancellationToken);

    [Description("Ends a job; a pull request that it opened is closed.")]
    public Task<string> CancelAsync([Description(Job)] string job, [Description("Why; it is kept with the job")] string reason, CancellationToken cancellationToken) =>
        SteerAsync(job, (control, id) => control.CancelAsync(id, SteeringOptions.NotBlank(reason, "reason"), cancellationToken), cancellationToken);

    private Task<string> AboutAsync(string job, Func<IJobSource, JobId, Task<string>> read, CancellationToken cancellationToken) =>
        ReadAsync(async jobs => await read(jobs, await jobs.FindAsync(job, "job", cancellationToken)), cancellationToken);

    private Task<string> ReadAsync(Func<IJobSource, Task<string>> read, CancellationToken cancellationToken) => ToldAsync(async () =>
    {
        await using var jobs = await JobAccess.OpenSourceAsync(screen, arguments, live: false, cancellationToken);
        return await read(jobs);
    });

    private Task<string> SteerAsync(string job, Func<IJobControl, JobId, Task<SteeredJob>> steer, CancellationToken cancellationToken) =>
        SteerAsync(async control => JsonSerializer.Serialize(
            await steer(control, await control.FindAsync(job, cancellationToken)), SteeringJson.Default.SteeredJob), cancellationToken);

    private Task<string> SteerAsync(Func<IJobControl, Task<string>> steer, CancellationToken cancellationToken) => ToldAsync(async () =>
    {
        await using var control = await JobAccess.OpenControlAsync(screen, arguments, by: null, cancellationToken);
        return await steer(control);
    });

    /// <summary>What goes wrong in an expected way is told to the assistant; the protocol hides the messages of all other exceptions.</summary>
    private static async Task<string> ToldAsync(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error is CommandException or ApiException or JournalException or JobQuarantinedException
            or Actors.Hosting.Settings.SettingsException)
        {
            throw new McpException(error.Message, error);
        }
    }
}
