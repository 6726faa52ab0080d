using System.Globalization;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Budgets;

/// <summary>Amounts in words.</summary>
public static class Money
{
    /// <summary>Millionths of a US dollar, as dollars: two digits behind the point, more where there is more to say.</summary>
    public static string Text(long micros) => string.Create(CultureInfo.InvariantCulture, $"${micros / 1_000_000m:0.00####}");

    public static string MonthOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static string Reason(Reservation.Refused refused)
    {
        var name = refused.Budget.Scope switch
        {
            BudgetScope.Job => "The job's budget",
            BudgetScope.Repository => $"The budget of repository {refused.Budget.Key}",
            _ => $"The budget of tenant {refused.Budget.Tenant} for {refused.Budget.Key}",
        };
        var open = refused.Open > 0 ? $", {Text(refused.Open)} set aside for calls under way" : "";
        return $"{name} of {Text(refused.Limit)} does not cover the next request of up to {Text(refused.Amount)}: {Text(refused.Settled)} spent{open}";
    }
}
