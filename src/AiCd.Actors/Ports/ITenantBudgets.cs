namespace AiCd.Actors.Ports;

/// <summary>What tenants may spend, as it was laid down where tenants are administered.</summary>
public interface ITenantBudgets
{
    /// <returns>For all jobs of the tenant in one month, in millionths of a US dollar; null where nothing was laid down.</returns>
    /// <exception cref="Journal.JournalException">It cannot be read at the moment: nobody may spend as if there were no limit.</exception>
    Task<long?> FindMonthlyAsync(string tenant, CancellationToken cancellationToken);
}

/// <summary>For nodes without tenants' administration.</summary>
public sealed class NoTenantBudgets : ITenantBudgets
{
    public Task<long?> FindMonthlyAsync(string tenant, CancellationToken cancellationToken) => Task.FromResult<long?>(null);
}
