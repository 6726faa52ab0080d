using System.Globalization;
using AiCd.Actors.Ports;

namespace AiCd.Forge.GitHub;

/// <summary>
/// Which tenant an installation of the App belongs to: as the settings say, and else as those say who administer tenants. As long as
/// nobody says anything of any installation, all are the one tenant's; from then on, one that is not named is nobody's.
/// </summary>
internal sealed class Installations(GitHubOptions options, IInstallationTenants? administered = null)
{
    public const string DefaultTenant = "default";

    private readonly Dictionary<long, string> _configured = options.Tenants.Select(entry => Parse(entry)!.Value).ToDictionary(pair => pair.Installation, pair => pair.Tenant);

    /// <summary>Every tenant that has anything to do with GitHub.</summary>
    public async Task<IReadOnlyCollection<string>> TenantsAsync(CancellationToken cancellationToken)
    {
        var all = options.HasApp ? await AllAsync(cancellationToken) : [];
        return all.Count == 0 ? [DefaultTenant] : [.. all.Values.Distinct()];
    }

    /// <returns>Null where the installation is nobody's.</returns>
    public async Task<string?> TenantOfAsync(long installation, CancellationToken cancellationToken)
    {
        var all = await AllAsync(cancellationToken);
        return all.Count == 0 ? DefaultTenant : all.GetValueOrDefault(installation);
    }

    public static (long Installation, string Tenant)? Parse(string? entry) =>
        entry?.Split('=') is [var number, { Length: > 0 } tenant] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var installation)
            ? (installation, tenant.Trim())
            : null;

    private async Task<Dictionary<long, string>> AllAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<long, string>(administered is null ? new Dictionary<long, string>() : await administered.ListAsync(cancellationToken));
        foreach (var (installation, tenant) in _configured)
        {
            all[installation] = tenant;
        }

        return all;
    }
}
