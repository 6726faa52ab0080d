using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Commands.Steering;

/// <summary>Why a job does not take a command, in the same words wherever it lives.</summary>
internal static class Refusals
{
    public static CommandException NoPlan(JobId job, JobState state) =>
        new(ExitCodes.Refuted, $"Job {job} has no plan that waits for approval: it is {WireNames.Of(state)}");

    public static CommandException OtherPlan(JobId job, string waiting) =>
        new(ExitCodes.Refuted, $"Job {job}: --plan: expected the hash of the plan that waits, {waiting}, got another");

    public static CommandException Pending(JobId job) =>
        new(ExitCodes.Environment, $"Job {job}: the command is recorded, and no node has handled it yet");
}
