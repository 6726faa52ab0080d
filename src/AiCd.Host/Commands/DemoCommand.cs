using System.CommandLine;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Demo;
using AiCd.Host.Output;

namespace AiCd.Host.Commands;

/// <summary><c>aicd demo</c>: the whole way of one issue, on a repository that is made for it.</summary>
internal static class DemoCommand
{
    private static readonly string[] Agents = [RunRequest.DefaultAgent, .. DemoReplay.Agents];

    private static readonly Option<string> Agent = new("--agent")
    {
        HelpName = "NAME",
        Description = $"mock; or {string.Join(" or ", DemoReplay.Agents)}, which work here from written answers and ask nobody [default: mock]",
    };

    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave the repository and the data folder where they are" };
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON lines: every event, and the result at the end");

    public static Command Create(Screen screen)
    {
        Agent.CompletionSources.Add([.. Agents]);
        Agent.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !Agents.Contains(name))
            {
                result.AddError($"--agent: expected one of {string.Join(", ", Agents)}, got '{name}'");
            }
        });
        var command = new Command("demo", "See an issue become a pull request, without an account, in a temporary folder") { Agent, Keep, Json };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd demo", "aicd demo --agent anthropic", "aicd demo --keep", "aicd demo --json | tail -n 1");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        using var folder = new DemoFolder(arguments.GetValue(Keep));
        var data = arguments.GetValue(SharedOptions.Data) ?? folder.Data;
        var agent = arguments.GetValue(Agent) ?? RunRequest.DefaultAgent;
        var replayed = DemoReplay.Agents.Contains(agent);
        if (replayed)
        {
            await DemoReplay.MakeAsync(folder, agent, interrupted);
            screen.Note($"The answers of {agent}'s model were written beforehand: nobody is asked.");
        }
        else
        {
            await DemoRepository.CreateAsync(folder.Repository, interrupted);
            await DemoIssue.WriteAsync(folder.Issue, interrupted);
        }

        await using var scope = CommandScope.Create(
            screen, arguments, [(CommandScope.DataFolderKey, data), (CommandScope.PostgresKey, ""), .. replayed ? DemoReplay.Settings(folder) : []]);
        var run = new JobRun(screen, scope, arguments.GetValue(Json), interrupted) { CanResume = folder.Kept };
        var exitCode = await run.SubmitAsync(new RunRequest(folder.Repository, folder.Issue, null, null, agent, 0));
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
