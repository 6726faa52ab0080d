using AiCd.Actors.Ports;
using AiCd.Web.Access;
using AiCd.Web.Problems;
using AiCd.Web.Store;

namespace AiCd.Web.Tenants;

/// <summary>Holds what makes jobs by itself to the rules that hold for a tenant's own requests.</summary>
internal sealed class TriggerRules(IWebStore store, TenantRules rules, TenantScopes scopes) : ITenantRules
{
    public async Task<string?> FindObjectionAsync(string tenant, string repository, bool replaces, CancellationToken cancellationToken)
    {
        if (await store.FindTenantAsync(tenant, cancellationToken) is not { Suspended: false } found)
        {
            return "the tenant is suspended, or there is no such tenant";
        }

        if (!TenantRules.Allows(found, repository))
        {
            return "the repository is not one of the tenant's";
        }

        try
        {
            await rules.ThrowIfExhaustedAsync(scopes.For(new ForgeCaller("forge", tenant)), replaces, cancellationToken);
            return null;
        }
        catch (ProblemException exhausted)
        {
            return exhausted.Message;
        }
    }
}
