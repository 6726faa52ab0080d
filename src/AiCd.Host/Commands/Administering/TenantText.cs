using System.Globalization;
using AiCd.Host.Output;
using AiCd.Web.Administration;

namespace AiCd.Host.Commands.Administering;

/// <summary>Tenants for people.</summary>
internal static class TenantText
{
    private const string NoLimit = "no limit";

    public static void Write(IReadOnlyList<TenantDetails> tenants)
    {
        Screen.Line($"{"TENANT",-20}  {"STATE",-9}  {"AT A TIME",9}  {"A DAY",8}  {"USD A MONTH",11}  {"REPOSITORIES",12}  NAME");
        foreach (var tenant in tenants)
        {
            Screen.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{tenant.Id,-20}  {(tenant.Suspended ? "suspended" : "active"),-9}  {tenant.MaxConcurrentJobs,9}  {tenant.MaxJobsPerDay,8}  {tenant.MonthlyBudget,11:0.##}  {tenant.Repositories.Count,12}  {TerminalText.Line(tenant.Name, 60)}"));
        }
    }

    public static void Write(TenantDetails tenant)
    {
        Line("Tenant", tenant.Id);
        Line("Name", TerminalText.Line(tenant.Name));
        Line("State", tenant.Suspended ? "suspended" : "active");
        Line("Made", tenant.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC");
        Line("At a time", tenant.MaxConcurrentJobs is { } concurrent ? string.Create(CultureInfo.InvariantCulture, $"{concurrent} jobs") : NoLimit);
        Line("A day", tenant.MaxJobsPerDay is { } daily ? string.Create(CultureInfo.InvariantCulture, $"{daily} jobs") : NoLimit);
        Line("A month", tenant.MonthlyBudget is { } budget ? string.Create(CultureInfo.InvariantCulture, $"{budget:0.##} US dollars") : NoLimit);
        Lines("Repositories", [.. tenant.Repositories.Select(repository => TerminalText.Line(repository))]);
        Lines("Installations", [.. tenant.Installations.Select(installation => installation.ToString(CultureInfo.InvariantCulture))]);
    }

    private static void Lines(string name, IReadOnlyList<string> values)
    {
        foreach (var (i, value) in values.DefaultIfEmpty("none").Index())
        {
            Line(i == 0 ? name : "", value);
        }
    }

    private static void Line(string name, string value) => Screen.Line($"{name,-14} {value}");
}
