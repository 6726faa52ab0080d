namespace AiCd.Web.Access;

/// <summary>Somebody who was found to have write permission on the forge, or the forge itself.</summary>
internal sealed record ForgeCaller(string Login, string TenantId) : Caller("github", Login, TenantId, Scopes.Read | Scopes.Write)
{
    public override string Who => $"github:{Login}";
}
