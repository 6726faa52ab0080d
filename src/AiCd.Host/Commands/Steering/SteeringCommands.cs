using System.CommandLine;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Steering;

/// <summary><c>aicd cancel</c>, <c>approve</c>, <c>reject</c> and <c>feedback</c>; <c>retry</c> and <c>fork</c>, which make jobs of others.</summary>
internal static class SteeringCommands
{
    private static readonly Option<string> Reason = new("--reason") { HelpName = "TEXT", Description = "Why; it is kept with the job", DefaultValueFactory = _ => "Cancelled by an operator" };
    private static readonly Option<string> Plan = new("--plan") { HelpName = "SHA256", Description = "Only if the plan that waits is this one [default: the one that waits]" };
    private static readonly Argument<string> Text = new("TEXT") { Description = "What the agent is to heed; every later attempt sees it" };
    private static readonly Option<string> Agent = new("--agent") { HelpName = "NAME", Description = "Who goes on with it [default: the same]" };
    private static readonly Option<int> At = SharedOptions.WholeNumber("--at", "N", 1, int.MaxValue, 0, "The last event that counts [default: the last there is]");

    public static IEnumerable<Command> All(Screen screen) =>
    [
        Steer(screen, "cancel", "End a job; a pull request that it opened is closed", [Reason], arguments => NotBlank(arguments, Reason), (control, job, reason, interrupted) =>
            control.CancelAsync(job, reason!, interrupted))
            .WithExamples("aicd cancel 01k9z3m7c", "aicd cancel 01k9z3m7c --reason 'fixed by hand'"),
        Steer(screen, "approve", "Approve the plan that waits", [Plan], arguments => arguments.GetValue(Plan), (control, job, plan, interrupted) =>
            control.ApproveAsync(job, plan, interrupted))
            .WithExamples("aicd approve 01k9z3m7c"),
        Steer(screen, "reject", "Turn down the plan that waits; planning starts anew with the text", [Text], NotBlankText, (control, job, text, interrupted) =>
            control.RejectAsync(job, text!, interrupted))
            .WithExamples("aicd reject 01k9z3m7c 'leave the public API as it is'"),
        Steer(screen, "feedback", "Tell a job something that its next attempt heeds", [Text], NotBlankText, (control, job, text, interrupted) =>
            control.FeedbackAsync(job, text!, interrupted))
            .WithExamples("aicd feedback 01k9z3m7c 'the tests need a database'"),
        Create(screen, "retry", "Make a job that goes on from the stage in which this one failed or was cancelled", [], async (control, job, _, json, interrupted) =>
            MadeJobText.Write(await control.RetryAsync(job, interrupted), json))
            .WithExamples("aicd retry 01k9z3m7c", "aicd retry 01k9z3m7c --json"),
        Create(screen, "fork", "Make a job that goes on from an event of this one, on a branch of its own", [At, Agent], async (control, job, arguments, json, interrupted) =>
            MadeJobText.Write(await control.ForkAsync(job, SeqOf(arguments), arguments.GetValue(Agent), interrupted), json))
            .WithExamples("aicd fork 01k9z3m7c", "aicd fork 01k9z3m7c --at 4 --agent command"),
    ];

    /// <param name="read">What is said, judged before anything is opened.</param>
    private static Command Steer(
        Screen screen,
        string name,
        string description,
        Symbol[] more,
        Func<ParseResult, string?> read,
        Func<IJobControl, JobId, string?, CancellationToken, Task<SteeredJob>> act) =>
        Create(screen, name, description, more, read, async (control, job, _, said, json, interrupted) =>
        {
            var steered = await act(control, job, said, interrupted);
            Screen.Line(json ? JsonSerializer.Serialize(steered, SteeringJson.Default.SteeredJob) : $"Job {job} is {WireNames.Of(steered.State)}");
        });

    private static Command Create(
        Screen screen, string name, string description, Symbol[] more, Func<IJobControl, JobId, ParseResult, bool, CancellationToken, Task> act) =>
        Create(screen, name, description, more, _ => null, (control, job, arguments, _, json, interrupted) => act(control, job, arguments, json, interrupted));

    private static Command Create(
        Screen screen,
        string name,
        string description,
        Symbol[] more,
        Func<ParseResult, string?> read,
        Func<IJobControl, JobId, ParseResult, string?, bool, CancellationToken, Task> act)
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

        foreach (var option in (Option[])[SteeringOptions.By, JobArgument.Json, SharedOptions.Server, SharedOptions.Postgres])
        {
            command.Add(option);
        }

        command.SetAction(async (arguments, interrupted) =>
        {
            var (said, by) = (read(arguments), SteeringOptions.WhoOf(arguments));
            await using var control = await JobAccess.OpenControlAsync(screen, arguments, by, interrupted);
            var job = await control.FindAsync(arguments.GetValue(JobArgument.Argument)!, interrupted);
            await act(control, job, arguments, said, arguments.GetValue(JobArgument.Json), interrupted);
            return ExitCodes.Done;
        });
        return command;
    }

    private static int? SeqOf(ParseResult arguments) => arguments.GetResult(At) is { Implicit: false } ? arguments.GetValue(At) : null;

    private static string NotBlank(ParseResult arguments, Option<string> option) => SteeringOptions.NotBlank(arguments.GetValue(option), option.Name);

    private static string NotBlankText(ParseResult arguments) => SteeringOptions.NotBlank(arguments.GetValue(Text), Text.Name);
}
