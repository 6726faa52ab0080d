using System.Globalization;

namespace AiCd.Forge.GitHub;

/// <summary>Which tenant an installation of the App belongs to.</summary>
internal sealed class Installations(GitHubOptions options)
{
    public const string DefaultTenant = "default";

    private readonly Dictionary<long, string> _tenants = options.Tenants.Select(entry => Parse(entry)!.Value).ToDictionary(pair => pair.Installation, pair => pair.Tenant);

    /// <summary>Every tenant that has anything to do with GitHub.</summary>
    public IReadOnlyCollection<string> Tenants => _tenants.Count == 0 ? [DefaultTenant] : [.. _tenants.Values.Distinct()];

    /// <returns>Null where the installation is nobody's.</returns>
    public string? TenantOf(long installation) => _tenants.Count == 0 ? DefaultTenant : _tenants.GetValueOrDefault(installation);

    /// <returns>One of the tenant's installations; null where it needs none to be known.</returns>
    public long? InstallationOf(string tenant) => _tenants.Count == 0 ? null : _tenants.First(pair => pair.Value == tenant).Key;

    public static (long Installation, string Tenant)? Parse(string? entry) =>
        entry?.Split('=') is [var number, { Length: > 0 } tenant] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var installation)
            ? (installation, tenant.Trim())
            : null;
}
