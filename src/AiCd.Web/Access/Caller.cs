using System.Security.Claims;

namespace AiCd.Web.Access;

/// <summary>Who asks: a key, and through it a tenant.</summary>
public record Caller(string KeyId, string Name, string Tenant, Scopes Scopes)
{
    public const string TenantClaim = "aicd:tenant";
    public const string KeyClaim = "aicd:key";
    public const string ScopeClaim = "aicd:scope";

    /// <summary>As histories and the audit log name the caller.</summary>
    public virtual string Who => $"key:{Name}";

    public bool May(Scopes scope) => Scopes.HasFlag(scope) || (scope == Scopes.Read && Scopes.HasFlag(Scopes.Write));

    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, Name), new Claim(KeyClaim, KeyId), new Claim(TenantClaim, Tenant), .. ScopeNames.List(Scopes).Select(scope => new Claim(ScopeClaim, scope))],
        "aicd"));
}
