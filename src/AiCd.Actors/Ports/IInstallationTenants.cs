namespace AiCd.Actors.Ports;

/// <summary>The installations of a forge's app that were given to tenants where tenants are administered.</summary>
public interface IInstallationTenants
{
    /// <returns>Each installation that was given to a tenant, with that tenant.</returns>
    Task<IReadOnlyDictionary<long, string>> ListAsync(CancellationToken cancellationToken);
}
