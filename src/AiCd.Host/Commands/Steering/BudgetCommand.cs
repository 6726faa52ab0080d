using System.CommandLine;
using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Composition;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Steering;

/// <summary><c>aicd budget</c>: sets what may be spent, and lets go on who waits for it.</summary>
internal static class BudgetCommand
{
    private static readonly Argument<decimal> Amount = new("USD") { Description = "The limit in US dollars, over all that is spent already" };
    private static readonly Option<string> Of = new("--of") { HelpName = "WHAT", Description = "job, repository (of the job, for good) or month (of its tenant)", DefaultValueFactory = _ => "job" };
    private static readonly Option<string> By = new("--by") { HelpName = "NAME", Description = "Who says so [default: the user of this machine]" };

    public static Command Create(Screen screen)
    {
        Of.AcceptOnlyFromAmong("job", "repository", "month");
        var command = new Command("budget", "Set what a job may spend; jobs that wait for it go on") { JobArgument.Argument, Amount, Of, By, SharedOptions.Postgres };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Amount) is < 0 or > 1_000_000)
            {
                result.AddError($"USD: expected an amount from 0 to 1000000, got {result.GetValue(Amount)}");
            }
        });
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd budget 01k9z3m7c 25", "aicd budget 01k9z3m7c 500 --of month");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var scope = CommandScope.Create(screen, arguments);
        var month = Money.MonthOf(scope.Get<TimeProvider>().GetUtcNow());
        var amount = arguments.GetValue(Amount);
        await using var control = await OpenAsync(scope, screen, arguments.GetValue(By) ?? Environment.UserName, interrupted);
        var job = await control.FindAsync(arguments.GetValue(JobArgument.Argument)!, interrupted);
        var released = await control.RaiseBudgetAsync(job, found => Key(found, arguments.GetValue(Of)!, month), amount, interrupted);
        Screen.Line($"{arguments.GetValue(Of)} of job {job}: {Money.Text(BudgetOptions.Micros(amount))}; {released} {(released == 1 ? "job goes" : "jobs go")} on");
        return ExitCodes.Done;
    }

    private static async Task<StoredJobControl> OpenAsync(CommandScope scope, Screen screen, string by, CancellationToken interrupted)
    {
        try
        {
            return await StoredJobControl.OpenAsync(scope, screen, by, interrupted);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    private static BudgetKey Key(Job job, string of, string month) => of switch
    {
        "repository" => new BudgetKey(job.Submission.Tenant, BudgetScope.Repository, job.Submission.Repository),
        "month" => new BudgetKey(job.Submission.Tenant, BudgetScope.TenantMonth, month),
        _ => new BudgetKey(job.Submission.Tenant, BudgetScope.Job, job.Id.Value),
    };
}
