using System.CommandLine;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.CommandLine;
using AiCd.Host.CommandLine.Completion;
using AiCd.Host.Composition;
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

    /// <summary>Runs a command that reads the store, also while another process writes to it.</summary>
    public static async Task<int> ReadAsync(
        Screen screen, ParseResult arguments, Func<CommandScope, IStore, JobId, Task<int>> run, CancellationToken interrupted)
    {
        await using var scope = CommandScope.Create(screen, arguments);
        var store = await scope.Get<StoreOpener>().OpenReadOnlyAsync(interrupted);
        return await run(scope, store, await JobFinder.FindAsync(store, arguments.GetValue(Argument)!, "JOB", interrupted));
    }
}
