using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Composition;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Steering;

/// <summary><c>aicd cancel</c>, <c>approve</c>, <c>reject</c> and <c>feedback</c>.</summary>
internal static class SteeringCommands
{
    private static readonly Option<string> By = new("--by") { HelpName = "NAME", Description = "Who says so [default: the user of this machine]" };
    private static readonly Option<string> Reason = new("--reason") { HelpName = "TEXT", Description = "Why; it is kept with the job", DefaultValueFactory = _ => "Cancelled by an operator" };
    private static readonly Option<string> Plan = new("--plan") { HelpName = "SHA256", Description = "Only if the plan that waits is this one [default: the one that waits]" };
    private static readonly Argument<string> Text = new("TEXT") { Description = "What the agent is to heed; every later attempt sees it" };

    public static IEnumerable<Command> All(Screen screen) =>
    [
        Create(screen, "cancel", "End a job; a pull request that it opened is closed", [Reason], (arguments, _, at) =>
            new JobCommand.Cancel(NotBlank(arguments.GetValue(Reason), "--reason"), Who(arguments)) { At = at })
            .WithExamples("aicd cancel 01k9z3m7c", "aicd cancel 01k9z3m7c --reason 'fixed by hand'"),
        Create(screen, "approve", "Approve the plan that waits", [Plan], (arguments, job, at) =>
            new JobCommand.ApprovePlan(arguments.GetValue(Plan) ?? JobSteering.ProposedPlanOf(job), Who(arguments)) { At = at })
            .WithExamples("aicd approve 01k9z3m7c"),
        Create(screen, "reject", "Turn down the plan that waits; planning starts anew with the text", [Text], (arguments, _, at) =>
            new JobCommand.TurnDownPlan(NotBlank(arguments.GetValue(Text), "TEXT"), Who(arguments)) { At = at })
            .WithExamples("aicd reject 01k9z3m7c 'leave the public API as it is'"),
        Create(screen, "feedback", "Tell a job something that its next attempt heeds", [Text], (arguments, _, at) =>
            new JobCommand.AddFeedback(NotBlank(arguments.GetValue(Text), "TEXT"), Who(arguments)) { At = at })
            .WithExamples("aicd feedback 01k9z3m7c 'the tests need a database'"),
    ];

    private static Command Create(
        Screen screen, string name, string description, Symbol[] more, Func<ParseResult, Job, DateTimeOffset, JobCommand> decide)
    {
        var command = new Command(name, description) { JobArgument.Argument };
        foreach (var symbol in more)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        command.Add(By);
        command.Add(JobArgument.Json);
        command.Add(SharedOptions.Postgres);
        command.SetAction(async (arguments, interrupted) =>
        {
            await using var scope = CommandScope.Create(screen, arguments);
            var job = await new JobSteering(scope, interrupted).SendAsync(
                arguments.GetValue(JobArgument.Argument)!, (found, at) => decide(arguments, found, at));
            Screen.Line(arguments.GetValue(JobArgument.Json)
                ? JsonSerializer.Serialize(new SteeredLine(job.Id, job.State, job.Seq), SteeringJson.Default.SteeredLine)
                : $"Job {job.Id} is {WireNames.Of(job.State)}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Who(ParseResult arguments) => NotBlank(arguments.GetValue(By) ?? Environment.UserName, "--by");

    private static string NotBlank(string? text, string what) =>
        string.IsNullOrWhiteSpace(text) ? throw CommandException.BadInput($"{what}: expected a text, got a blank one") : text;
}

/// <param name="Seq">Of the last event.</param>
internal sealed record SteeredLine(JobId JobId, JobState State, int Seq);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SteeredLine))]
internal sealed partial class SteeringJson : JsonSerializerContext;
