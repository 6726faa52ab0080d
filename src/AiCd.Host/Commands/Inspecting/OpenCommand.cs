using System.CommandLine;
using AiCd.Host.CommandLine;
using AiCd.Host.Jobs;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Inspecting;

/// <summary><c>aicd open</c>: a job's pull request, or else its issue, in the browser.</summary>
internal static class OpenCommand
{
    private static readonly Option<bool> Print = new("--print") { Description = "Only print the address, as on a pipe" };

    public static Command Create(Screen screen)
    {
        var command = new Command("open", "Open a job's pull request, or else its issue, in the browser") { JobArgument.Argument, Print, SharedOptions.Server, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => JobArgument.ReadAsync(screen, arguments, live: false, async (jobs, id) =>
        {
            var job = (await JobDetails.ReadAsync(jobs.ReadAsync(id, interrupted), id)).Job;
            var address = job?.PullRequest?.Url ?? job?.Submission.Url
                ?? throw new CommandException(ExitCodes.Refuted, $"Job {id} has neither a pull request nor the address of an issue yet");
            Screen.Line(TerminalText.Line(address, maxLength: 4_000));
            if (!arguments.GetValue(Print) && !Console.IsOutputRedirected)
            {
                await Browser.OpenAsync(address, interrupted);
            }

            return ExitCodes.Done;
        }, interrupted));
        return command.WithExamples("aicd open 01k9z3m7c", "aicd open 01k9z3m7c --print");
    }
}
