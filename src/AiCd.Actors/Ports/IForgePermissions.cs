namespace AiCd.Actors.Ports;

/// <summary>Asks a forge what somebody may do in a repository, before what he says is obeyed.</summary>
public interface IForgePermissions
{
    /// <param name="repository">As a user would write it, or as the forge's events name it.</param>
    /// <param name="user">The login on the forge.</param>
    /// <returns><see cref="ForgeRole.None"/> for strangers and for repositories that the tenant may not name.</returns>
    /// <exception cref="StageException">The forge did not answer.</exception>
    Task<ForgeRole> FindAsync(string tenant, string repository, string user, CancellationToken cancellationToken);

    /// <returns>The tenant that an installation's events belong to, or null where it belongs to none.</returns>
    Task<string?> TenantOfAsync(long installation, CancellationToken cancellationToken);
}

/// <summary>In rising order: whoever may write may steer jobs.</summary>
public enum ForgeRole
{
    None,
    Read,
    Write,
    Admin,
}

/// <summary>Until a forge can answer, nobody may anything.</summary>
public sealed class NobodyMayWrite : IForgePermissions
{
    public Task<ForgeRole> FindAsync(string tenant, string repository, string user, CancellationToken cancellationToken) => Task.FromResult(ForgeRole.None);

    public Task<string?> TenantOfAsync(long installation, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
