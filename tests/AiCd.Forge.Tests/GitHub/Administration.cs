using AiCd.Actors.Ports;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>What those who administer tenants laid down: whose installations are, and why a tenant may have no more jobs.</summary>
internal sealed class Administration : Dictionary<long, string>, IInstallationTenants, ITenantRules
{
    public string? Objection { get; set; }

    public (string Tenant, string Repository, bool Replaces) Asked { get; private set; }

    public Task<IReadOnlyDictionary<long, string>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<long, string>>(this);

    public Task<string?> FindObjectionAsync(string tenant, string repository, bool replaces, CancellationToken cancellationToken)
    {
        Asked = (tenant, repository, replaces);
        return Task.FromResult(Objection);
    }
}
