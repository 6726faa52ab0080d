using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AiCd.Host.CommandLine;
using AiCd.Web.Administration;

namespace AiCd.Host.Commands.Administering;

/// <summary>What the options say of a tenant. What they leave out stays.</summary>
internal static class TenantChanges
{
    private const string None = "none";

    private static readonly Option<string> Name = new("--name") { HelpName = "NAME", Description = "What people call it" };
    private static readonly Option<string[]> Repositories = new("--repository")
    {
        HelpName = "ADDRESS",
        Description = "A repository that its jobs may name, all that begin so where it ends in *; again for more. Those that were allowed before are replaced",
    };

    private static readonly Option<long[]> Installations = new("--installation")
    {
        HelpName = "N",
        Description = "A GitHub installation whose deliveries are the tenant's; again for more",
    };

    private static readonly Option<Quota<int>?> MaxConcurrent = QuotaOf<int>("--max-concurrent", "N", "Unfinished jobs at a time, or none for no limit", NumberStyles.None);
    private static readonly Option<Quota<int>?> MaxPerDay = QuotaOf<int>("--max-per-day", "N", "Jobs a day, or none for no limit", NumberStyles.None);
    private static readonly Option<Quota<decimal>?> MonthlyBudget = QuotaOf<decimal>("--monthly-budget", "USD", "US dollars a month, or none for no limit", NumberStyles.AllowDecimalPoint);

    public static Option[] Options => [Name, Repositories, Installations, MaxConcurrent, MaxPerDay, MonthlyBudget];

    public static NewTenantRequest New(string tenant, ParseResult arguments) => new(
        tenant,
        arguments.GetValue(Name),
        arguments.GetValue(Repositories) ?? [],
        arguments.GetValue(Installations) ?? [],
        arguments.GetValue(MaxConcurrent)?.Most,
        arguments.GetValue(MaxPerDay)?.Most,
        arguments.GetValue(MonthlyBudget)?.Most);

    /// <exception cref="CommandException">Nothing is to be changed.</exception>
    public static TenantRequest Of(TenantDetails old, ParseResult arguments)
    {
        if (Options.All(option => arguments.GetResult(option) is null or { Implicit: true }))
        {
            throw CommandException.BadInput($"Expected one or more of {string.Join(", ", Options.Select(option => option.Name))}, got none");
        }

        var same = Same(old);
        return same with
        {
            Name = arguments.GetValue(Name) ?? same.Name,
            Repositories = Given(arguments, Repositories) ?? same.Repositories,
            Installations = Given(arguments, Installations) ?? same.Installations,
            MaxConcurrentJobs = arguments.GetValue(MaxConcurrent) is { } concurrent ? concurrent.Most : same.MaxConcurrentJobs,
            MaxJobsPerDay = arguments.GetValue(MaxPerDay) is { } daily ? daily.Most : same.MaxJobsPerDay,
            MonthlyBudget = arguments.GetValue(MonthlyBudget) is { } budget ? budget.Most : same.MonthlyBudget,
        };
    }

    public static TenantRequest Same(TenantDetails tenant) => new(
        tenant.Name, tenant.Repositories, tenant.Installations, tenant.MaxConcurrentJobs, tenant.MaxJobsPerDay, tenant.MonthlyBudget, tenant.Suspended);

    private static T[]? Given<T>(ParseResult arguments, Option<T[]> option) => arguments.GetResult(option) is { Implicit: false } ? arguments.GetValue(option) : null;

    private static Option<Quota<T>?> QuotaOf<T>(string name, string helpName, string description, NumberStyles style)
        where T : struct, System.Numerics.INumber<T> => new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = result => Parse<T>(name, style, result),
        };

    private static Quota<T>? Parse<T>(string name, NumberStyles style, ArgumentResult result)
        where T : struct, System.Numerics.INumber<T>
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (text == None)
        {
            return new Quota<T>(null);
        }

        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out var most))
        {
            return new Quota<T>(most);
        }

        result.AddError($"{name}: expected {(style == NumberStyles.None ? "a whole number" : "an amount")} or {None}, got '{text}'");
        return null;
    }

    /// <param name="Most">Null for no limit.</param>
    private sealed record Quota<T>(T? Most)
        where T : struct;
}
