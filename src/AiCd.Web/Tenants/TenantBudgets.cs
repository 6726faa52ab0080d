using AiCd.Actors.Ports;
using AiCd.Web.Store;

namespace AiCd.Web.Tenants;

/// <summary>What tenants may spend a month, read each time: a budget that is lowered holds for the next request.</summary>
internal sealed class TenantBudgets(OpenedWebStore opened) : ITenantBudgets
{
    public async Task<long?> FindMonthlyAsync(string tenant, CancellationToken cancellationToken) =>
        (await opened.Store.FindTenantAsync(tenant, cancellationToken))?.MonthlyBudgetMicros;
}
