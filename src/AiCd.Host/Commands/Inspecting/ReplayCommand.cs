using System.CommandLine;
using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;
using AiCd.Host.Output;
using AiCd.Host.Replaying;

namespace AiCd.Host.Commands.Inspecting;

/// <summary><c>aicd replay</c>: how a job came to be what it is, by the same code that recovers it.</summary>
internal static class ReplayCommand
{
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON lines: every event with the whole state that it left behind");
    private static readonly Option<int> At = SharedOptions.WholeNumber("--at", "N", 1, int.MaxValue, 0, "Stop after the event of this number [default: the last]");

    public static Command Create(Screen screen)
    {
        var command = new Command("replay", "Rebuild a job's state from its events and print each step") { JobArgument.Argument, At, Json, SharedOptions.Server, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => JobArgument.ReadAsync(screen, arguments, live: false, async (jobs, id) =>
        {
            var json = arguments.GetValue(Json);
            var last = arguments.GetResult(At) is { Implicit: false } ? arguments.GetValue(At) : (int?)null;
            if (!json)
            {
                ReplayText.Heading();
            }

            Job? job = null;
            await foreach (var step in JobStep.ReadAsync(jobs.RowsAsync(id, interrupted), id, last))
            {
                job = step.Job;
                (json ? (Action<JobStep>)ReplayText.WriteJson : ReplayText.Write)(step);
            }

            if (!json && job is not null)
            {
                ReplayText.WriteState(job);
            }

            return ExitCodes.Done;
        }, interrupted));
        return command.WithExamples("aicd replay 01k9z3m7c", "aicd replay 01k9z3m7c --at 4", "aicd replay 01k9z3m7c --json | tail -n 1");
    }
}
