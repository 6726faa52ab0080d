using AiCd.Actors.Journal;

namespace AiCd.Actors.Budgets;

/// <summary>What people call the budgets of a job.</summary>
public static class BudgetNames
{
    public const string Job = "job";
    public const string Repository = "repository";
    public const string Month = "month";

    public const string Expected = "job, repository or month";

    public static IReadOnlyList<string> All { get; } = [Job, Repository, Month];

    public static bool TryParse(string name, out BudgetScope scope)
    {
        (var known, scope) = name switch
        {
            Job => (true, BudgetScope.Job),
            Repository => (true, BudgetScope.Repository),
            Month => (true, BudgetScope.TenantMonth),
            _ => (false, default),
        };
        return known;
    }

    public static string Of(BudgetScope scope) => scope switch
    {
        BudgetScope.Job => Job,
        BudgetScope.Repository => Repository,
        _ => Month,
    };
}
