namespace AiCd.Actors.Ports;

/// <summary>Asks the forge who may write. Whoever steers jobs by comments and labels is believed only after that.</summary>
public interface IForgePermissions
{
    /// <param name="installation">The forge's installation that the question is asked through, where there is one.</param>
    /// <param name="repository">As the forge names it: <c>owner/name</c>.</param>
    /// <returns>True where the user may push to the repository, as far as the forge says so now; false in every doubt.</returns>
    Task<bool> MayWriteAsync(long? installation, string repository, string login, CancellationToken cancellationToken);
}

/// <summary>Until a forge can answer, nobody may.</summary>
public sealed class NobodyMayWrite : IForgePermissions
{
    public Task<bool> MayWriteAsync(long? installation, string repository, string login, CancellationToken cancellationToken) => Task.FromResult(false);
}
