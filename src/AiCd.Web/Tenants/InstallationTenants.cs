using AiCd.Actors.Ports;
using AiCd.Web.Store;

namespace AiCd.Web.Tenants;

/// <summary>The installations that tenants were given.</summary>
internal sealed class InstallationTenants(OpenedWebStore opened) : IInstallationTenants
{
    public async Task<IReadOnlyDictionary<long, string>> ListAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<long, string>();
        foreach (var tenant in await opened.Store.ListTenantsAsync(cancellationToken))
        {
            foreach (var installation in tenant.Installations)
            {
                // Of two tenants that were given the same one, the first in order has it, as everywhere.
                all.TryAdd(installation, tenant.Id);
            }
        }

        return all;
    }
}
