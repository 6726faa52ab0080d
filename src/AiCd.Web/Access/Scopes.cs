namespace AiCd.Web.Access;

/// <summary>What a key may do. None implies another, except that whoever may write may read.</summary>
[Flags]
public enum Scopes
{
    None = 0,

    /// <summary>See the tenant's jobs.</summary>
    Read = 1,

    /// <summary>Make and steer the tenant's jobs.</summary>
    Write = 2,

    /// <summary>See and change how the installation works: pools, cluster.</summary>
    Operate = 4,

    /// <summary>Manage tenants and keys, and read the audit log.</summary>
    Admin = 8,
}

internal static class ScopeNames
{
    private static readonly (string Name, Scopes Scope)[] Names =
        [("read", Scopes.Read), ("write", Scopes.Write), ("operate", Scopes.Operate), ("admin", Scopes.Admin)];

    public const string Expected = "read, write, operate or admin";

    public static string Text(Scopes scopes) => string.Join(' ', List(scopes));

    public static IReadOnlyList<string> List(Scopes scopes) => [.. Names.Where(name => scopes.HasFlag(name.Scope)).Select(name => name.Name)];

    /// <summary>Of what the store holds; a name that this program does not know gives no right.</summary>
    public static Scopes Parse(string text) => text.Split(' ').Aggregate(Scopes.None, (all, name) => all | (TryParse(name, out var scope) ? scope : Scopes.None));

    public static bool TryParse(string name, out Scopes scope)
    {
        scope = Names.FirstOrDefault(known => known.Name == name).Scope;
        return scope != Scopes.None;
    }
}
