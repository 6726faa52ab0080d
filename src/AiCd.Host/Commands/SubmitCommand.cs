using System.CommandLine;
using System.Globalization;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Commands.Steering;
using AiCd.Host.Issues;
using AiCd.Host.Output;
using AiCd.Web.Jobs;

namespace AiCd.Host.Commands;

/// <summary><c>aicd submit</c>: a job for whoever drives jobs; nobody waits for it.</summary>
internal static class SubmitCommand
{
    private static readonly Option<string> Repo = new("--repo") { HelpName = "PATH|URL", Description = "The git repository to work on: a path, a file URL, or one on GitHub (owner/repo or its URL)", Required = true };
    private static readonly Option<string> Issue = new("--issue") { HelpName = "FILE|-", Description = "The issue's text (Markdown, UTF-8); - reads standard input", Required = true };
    private static readonly Option<string> Title = new("--title") { HelpName = "TEXT", Description = "The issue's title [default: its first heading or line]" };
    private static readonly Option<string> Base = new("--base") { HelpName = "BRANCH", Description = "The branch to start from and to merge into [default: the one that .aicd.yml names, or the one checked out]" };
    private static readonly Option<string> Agent = new("--agent") { HelpName = "NAME", Description = "Who plans, codes and reviews [default: whom .aicd.yml names, or mock]" };
    private static readonly Option<string> Url = new("--url") { HelpName = "URL", Description = "Where the issue stands" };
    private static readonly Option<string[]> Label = new("--label") { HelpName = "TEXT", Description = "A label to find the job by; may be given several times" };
    private static readonly Option<bool> Approval = new("--plan-approval") { Description = "Nothing is coded before somebody has approved the plan" };
    private static readonly Option<string> Key = new("--key") { HelpName = "TEXT", Description = "The same key and job give the same job, however often they are submitted" };
    private static readonly Option<int> Priority = SharedOptions.WholeNumber(
        "--priority", "N", RunRequest.MinPriority, RunRequest.MaxPriority, 0, "Higher runs first, where jobs have to wait");

    private static readonly Option<decimal?> Budget = new("--budget")
    {
        HelpName = "USD",
        Description = "What the job may spend, in US dollars [default: no limit of its own]",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars))
            {
                return dollars;
            }

            result.AddError($"--budget: expected an amount such as 2.50, got '{text}'");
            return null;
        },
    };

    public static Command Create(Screen screen)
    {
        var command = new Command("submit", "Make a job of an issue, without waiting for it")
        {
            Repo, Issue, Title, Base, Agent, Priority, Label, Budget, Approval, Url, Key, SteeringOptions.By, JobArgument.Json, SharedOptions.Server, SharedOptions.Postgres,
        };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples(
            "aicd submit --repo . --issue issue.md",
            "aicd submit --repo owner/app --issue - --label ui --budget 2.50 --plan-approval < issue.md",
            "AICD_API_KEY=... aicd submit --server https://aicd.example.com --repo owner/app --issue issue.md --json");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var order = await OrderAsync(arguments, interrupted);
        await using var control = await JobAccess.OpenControlAsync(screen, arguments, SteeringOptions.WhoOf(arguments), interrupted);
        MadeJobText.Write(await control.SubmitAsync(order, interrupted), arguments.GetValue(JobArgument.Json));
        return ExitCodes.Done;
    }

    private static async Task<JobOrder> OrderAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var repository = arguments.GetValue(Repo)!;
        if (string.IsNullOrWhiteSpace(repository))
        {
            throw CommandException.BadInput("--repo: expected a path, a file URL, or owner/repo on GitHub, got ''");
        }

        var body = await IssueFile.ReadAsync(arguments.GetValue(Issue)!, cancellationToken);
        var labels = arguments.GetValue(Label);
        return new JobOrder(
            new SubmitJobRequest(
                SubmissionReader.TitleOf(arguments.GetValue(Title), body),

                // Whoever takes the job has another working folder.
                Directory.Exists(repository) ? Path.GetFullPath(repository) : repository,
                body,
                arguments.GetValue(Url),
                arguments.GetValue(Base),
                arguments.GetValue(Agent),
                arguments.GetValue(Priority),
                labels is { Length: > 0 } ? labels : null,
                arguments.GetValue(Budget),
                arguments.GetValue(Approval)),
            arguments.GetValue(Key));
    }
}
