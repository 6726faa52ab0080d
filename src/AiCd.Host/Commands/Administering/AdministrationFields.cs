namespace AiCd.Host.Commands.Administering;

/// <summary>What stands on the command line for the fields of requests.</summary>
internal static class AdministrationFields
{
    public static IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["id"] = "TENANT",
        ["name"] = "--name",
        ["repositories"] = "--repository",
        ["installations"] = "--installation",
        ["maxConcurrentJobs"] = "--max-concurrent",
        ["maxJobsPerDay"] = "--max-per-day",
        ["monthlyBudget"] = "--monthly-budget",
        ["scopes"] = "--scope",
        ["expiresAt"] = "--expires",
        ["tenant"] = "--tenant",
    };
}
