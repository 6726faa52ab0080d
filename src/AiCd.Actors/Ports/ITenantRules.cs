namespace AiCd.Actors.Ports;

/// <summary>What was laid down of a tenant where tenants are administered: for whatever makes jobs without a tenant's own request.</summary>
public interface ITenantRules
{
    /// <param name="repository">As jobs bear it.</param>
    /// <param name="replaces">True where the new job takes the place of one that is unfinished and ends for it.</param>
    /// <returns>Why the tenant may not have one more job in the repository now, or null.</returns>
    Task<string?> FindObjectionAsync(string tenant, string repository, bool replaces, CancellationToken cancellationToken);
}
