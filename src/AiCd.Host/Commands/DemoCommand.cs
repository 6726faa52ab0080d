using System.CommandLine;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Demo;
using AiCd.Host.Output;

namespace AiCd.Host.Commands;

/// <summary><c>aicd demo</c>: the whole way of one issue, on a repository that is made for it.</summary>
internal static class DemoCommand
{
    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave the repository and the data folder where they are" };
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON lines: every event, and the result at the end");

    public static Command Create(Screen screen)
    {
        var command = new Command("demo", "See an issue become a pull request, with the mock agent, in a temporary folder") { Keep, Json };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd demo", "aicd demo --keep", "aicd demo --json | tail -n 1");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        using var folder = new DemoFolder(arguments.GetValue(Keep));
        var data = arguments.GetValue(SharedOptions.Data) ?? folder.Data;
        await using var scope = CommandScope.Create(screen, arguments, (CommandScope.DataFolderKey, data), (CommandScope.PostgresKey, ""));
        await DemoRepository.CreateAsync(folder.Repository, interrupted);
        var issue = await DemoIssue.WriteAsync(folder.Issue, interrupted);
        var run = new JobRun(screen, scope, arguments.GetValue(Json), interrupted) { CanResume = folder.Kept };
        var exitCode = await run.SubmitAsync(new RunRequest(folder.Repository, issue, null, null, RunRequest.DefaultAgent, 0));
        if (!arguments.GetValue(Json))
        {
            Screen.Line("");
            Screen.Line(folder.Kept
                ? $"Look around: git -C {Shell.Quote(folder.Repository)} log --oneline --all; aicd jobs list --data {Shell.Quote(data)}"
                : "The demo's folder is removed now; `aicd demo --keep` leaves it for you to look around in.");
        }

        return exitCode;
    }
}
