using System.CommandLine;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Output;

namespace AiCd.Host.Commands;

/// <summary><c>aicd run</c>: one job to its end.</summary>
internal static class RunCommand
{
    private static readonly Option<string> Repo = new("--repo") { HelpName = "PATH|URL", Description = "The git repository to work on: a path, a file URL, or one on GitHub (owner/repo or its URL)" };
    private static readonly Option<string> Issue = new("--issue") { HelpName = "FILE|-", Description = "The issue's text (Markdown, UTF-8, at most 1 MiB); - reads standard input" };
    private static readonly Option<string> Title = new("--title") { HelpName = "TEXT", Description = "The issue's title [default: its first heading or line]" };
    private static readonly Option<string> Base = new("--base") { HelpName = "BRANCH", Description = "The branch to start from and to merge into [default: the one that .aicd.yml names, or the one checked out]" };
    private static readonly Option<string> Agent = new("--agent") { HelpName = "NAME", Description = "Who plans, codes and reviews [default: whom .aicd.yml names, or mock]" };
    private static readonly Option<string> Resume = new("--resume") { HelpName = "JOB", Description = "Go on with a job that was interrupted; a unique beginning of its id will do" };
    private static readonly Option<int> Priority = SharedOptions.WholeNumber(
        "--priority", "N", RunRequest.MinPriority, RunRequest.MaxPriority, 0, "Higher runs first, where jobs have to wait");

    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON lines: every event, and the result at the end");

    public static Command Create(Screen screen)
    {
        var command = new Command("run", "Drive one issue to a pull request") { Repo, Issue, Title, Base, Agent, Priority, Resume, Json, SharedOptions.Postgres };
        command.Validators.Add(result =>
        {
            var fresh = new Option[] { Repo, Issue, Title, Base, Agent, Priority }.Where(option => result.GetResult(option) is { Implicit: false }).ToList();
            if (result.GetResult(Resume) is { Implicit: false })
            {
                fresh.ForEach(option => result.AddError($"{option.Name}: expected not beside --resume, because the job has it on record"));
            }
            else
            {
                foreach (var missing in new Option[] { Repo, Issue }.Except(fresh))
                {
                    result.AddError($"{missing.Name}: expected a value, or --resume with a job, got nothing");
                }
            }
        });
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples(
            "aicd run --repo . --issue issue.md",
            "aicd run --repo ~/src/app --base develop --issue - < issue.md",
            "aicd run --repo . --issue issue.md --json | tail -n 1",
            "aicd run --resume 01k9z3m7c",
            "AiCd__Postgres='Host=db;Database=aicd;Username=aicd;Password=...' aicd run --repo /srv/app.git --issue issue.md");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        await using var scope = CommandScope.Create(screen, arguments);
        var json = arguments.GetValue(Json);
        var run = new JobRun(screen, scope, json, interrupted);
        return arguments.GetValue(Resume) is { } resume
            ? await run.ResumeAsync(resume)
            : await run.SubmitAsync(new RunRequest(
                arguments.GetValue(Repo)!,
                arguments.GetValue(Issue)!,
                arguments.GetValue(Title),
                arguments.GetValue(Base),
                arguments.GetValue(Agent),
                arguments.GetValue(Priority)));
    }
}
