using System.ComponentModel;
using System.Globalization;
using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using AiCd.Web.Problems;
using Money = AiCd.Web.Jobs.Money;

namespace AiCd.Web.Operations;

/// <summary>Says what jobs may spend, whatever is configured: for those who operate the installation, and jobs of all tenants.</summary>
public sealed class JobBudgets(BudgetKeeper keeper)
{
    /// <exception cref="ProblemException">There is no such job, or a field is not what is expected.</exception>
    public async Task<BudgetResponse> SetAsync(string id, BudgetRequest request, IJobGateway gateway, string by, CancellationToken cancellationToken)
    {
        if (request.Limit is < 0 or > Money.Most)
        {
            throw ProblemException.Field("limit", $"0 to {Money.Most} US dollars", request.Limit.ToString(CultureInfo.InvariantCulture));
        }

        if (!BudgetNames.TryParse(request.Of ?? BudgetNames.Job, out var scope))
        {
            throw ProblemException.Field("of", BudgetNames.Expected, request.Of);
        }

        var job = JobId.TryParse(id, out var parsed) ? await gateway.FindAsync(parsed, cancellationToken) : null;
        if (job is null)
        {
            throw ProblemException.NotFound("job");
        }

        var raised = await keeper.RaiseAsync(job, scope, BudgetOptions.Micros(request.Limit), gateway, by, cancellationToken);
        return new BudgetResponse(
            BudgetNames.Of(scope), raised.Budget.Key, request.Limit, Money.Of(raised.Account.Settled), Money.Of(raised.Account.Open), raised.Released);
    }
}

/// <summary>What may be spent.</summary>
public sealed record BudgetRequest(
    [property: Description("In US dollars, from 0 to 1000000, over all that is spent already.")] decimal Limit,
    [property: Description("`job` (default), `repository` (of the job, for good) or `month` (of its tenant, this one).")] string? Of = null);

/// <summary>A budget as it stood when its limit was set and nobody had gone on yet, in US dollars.</summary>
public sealed record BudgetResponse(
    [property: Description("`job`, `repository` or `month`.")] string Of,
    [property: Description("The job's id, the repository, or the month.")] string Key,
    decimal Limit,
    decimal Spent,
    [property: Description("Set aside for requests that are under way.")] decimal SetAside,
    [property: Description("How many jobs waited for money and go on.")] int Released);
