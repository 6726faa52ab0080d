using System.CommandLine;
using System.Text.Json;
using AiCd.Actors.Budgets;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Output;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Steering;

/// <summary><c>aicd budget</c>: sets what may be spent, and lets go on who waits for it.</summary>
internal static class BudgetCommand
{
    private static readonly Argument<decimal> Amount = new("USD") { Description = "The limit in US dollars, over all that is spent already" };
    private static readonly Option<string> Of = new("--of")
    {
        HelpName = "WHAT",
        Description = "job, repository (of the job, for good) or month (of its tenant)",
        DefaultValueFactory = _ => BudgetNames.Job,
    };

    public static Command Create(Screen screen)
    {
        Of.CompletionSources.Add([.. BudgetNames.All]);
        var command = new Command("budget", "Set what a job may spend; jobs that wait for it go on")
        {
            JobArgument.Argument, Amount, Of, SteeringOptions.By, JobArgument.Json, SharedOptions.Server, SharedOptions.Postgres,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Amount) is < 0 or > 1_000_000)
            {
                result.AddError($"USD: expected an amount from 0 to 1000000, got {result.GetValue(Amount)}");
            }

            if (result.GetValue(Of) is { } of && !BudgetNames.TryParse(of, out _))
            {
                result.AddError($"--of: expected {BudgetNames.Expected}, got '{of}'");
            }
        });
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd budget 01k9z3m7c 25", "aicd budget 01k9z3m7c 500 --of month");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var request = new BudgetRequest(arguments.GetValue(Amount), arguments.GetValue(Of));
        await using var control = await JobAccess.OpenControlAsync(screen, arguments, SteeringOptions.WhoOf(arguments), interrupted);
        var job = await control.FindAsync(arguments.GetValue(JobArgument.Argument)!, interrupted);
        var budget = await control.SetBudgetAsync(job, request, interrupted);
        Screen.Line(arguments.GetValue(JobArgument.Json) ? JsonSerializer.Serialize(budget, SteeringJson.Default.BudgetResponse) : TextOf(job.Value, budget));
        return ExitCodes.Done;
    }

    private static string TextOf(string job, BudgetResponse budget) =>
        $"{budget.Of} of job {job}: {Money.Text(BudgetOptions.Micros(budget.Limit))}, {Money.Text(BudgetOptions.Micros(budget.Spent))} spent; "
        + $"{budget.Released} {(budget.Released == 1 ? "job goes" : "jobs go")} on";
}
