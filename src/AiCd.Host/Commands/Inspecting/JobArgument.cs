using System.CommandLine;
using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;
using AiCd.Host.CommandLine.Completion;
using AiCd.Host.Jobs;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Inspecting;

/// <summary>The job that a command is about, and the store that has it.</summary>
internal static class JobArgument
{
    public static Argument<string> Argument { get; } = new("JOB")
    {
        Description = "A job's id, or a unique beginning of it",
        CompletionSources = { JobSuggestions.Recent },
    };

    public static Option<bool> Json { get; } = SharedOptions.Json("Print JSON");

    /// <summary>Runs a command that reads a job, of a server or of a store.</summary>
    /// <param name="live">True where what a running attempt says is of use, which only its server knows.</param>
    public static async Task<int> ReadAsync(
        Screen screen, ParseResult arguments, bool live, Func<IJobSource, JobId, Task<int>> run, CancellationToken interrupted)
    {
        await using var jobs = await JobAccess.OpenSourceAsync(screen, arguments, live, interrupted);
        return await run(jobs, await jobs.FindAsync(arguments.GetValue(Argument)!, "JOB", interrupted));
    }
}
