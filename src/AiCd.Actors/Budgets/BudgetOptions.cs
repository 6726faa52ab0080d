using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Budgets;

/// <summary>What jobs may spend on models, in US dollars (section <c>AiCd:Budgets</c>); a limit without a value is none.</summary>
public sealed class BudgetOptions
{
    public const string Section = "AiCd:Budgets";

    private const string Amount = "an amount in US dollars from 0 to 1000000";

    /// <summary>Of one job, over all its stages and rounds; a budget of the job's own counts where it is smaller.</summary>
    [Range(0.0, 1_000_000.0)]
    [Expectation(Amount)]
    public decimal? PerJob { get; set; } = 10;

    /// <summary>Of all jobs of a tenant in one repository, for good.</summary>
    [Range(0.0, 1_000_000.0)]
    [Expectation(Amount)]
    public decimal? PerRepository { get; set; }

    /// <summary>Of all jobs of a tenant in one month of the calendar (UTC); a monthly budget of the tenant's own counts where it is smaller.</summary>
    [Range(0.0, 1_000_000.0)]
    [Expectation(Amount)]
    public decimal? PerTenantAndMonth { get; set; }

    /// <summary>How long a request waits for others that are under way to leave enough, before its job does.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a server looks whether jobs that wait for money may go on.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Recheck { get; set; } = TimeSpan.FromSeconds(15);

    internal BudgetLimits Limits => new(Micros(PerJob), Micros(PerRepository), Micros(PerTenantAndMonth));

    public static long Micros(decimal dollars) => (long)decimal.Round(dollars * 1_000_000m);

    private static long? Micros(decimal? dollars) => dollars is { } amount ? Micros(amount) : null;
}
