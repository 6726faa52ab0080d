using System.Security.Cryptography;
using System.Text;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace AiCd.Web.Access;

/// <summary>
/// Sessions of browsers: a cookie that names the key which opened it, and nothing a script could read. With a cookie a browser may be
/// made to ask by another site, so everything that changes something must come from this one.
/// </summary>
internal sealed class Sessions(KeyRing keys, IDataProtectionProvider protection)
{
    public const string Cookie = "aicd_session";

    private static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("AiCd.Web.Sessions").ToTimeLimitedDataProtector();

    public void Open(HttpContext context, string keyId) => context.Response.Cookies.Append(
        Cookie,
        Convert.ToBase64String(_protector.Protect(Encoding.UTF8.GetBytes(keyId), Lasts)),
        new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, MaxAge = Lasts, Path = "/", IsEssential = true });

    public static void Close(HttpContext context) => context.Response.Cookies.Delete(Cookie);

    public async Task<Caller?> FindAsync(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 and < 1_000 } cookie || Open(cookie) is not { } id)
        {
            return null;
        }

        if (!IsSafe(context.Request.Method) && !IsFromHere(context.Request))
        {
            throw new ProblemException(ProblemType.CrossOrigin, "A session may only change something from this server's own pages", "Origin", "this server's address");
        }

        return await keys.FindByIdAsync(id, context.RequestAborted);
    }

    private string? Open(string cookie)
    {
        try
        {
            return Encoding.UTF8.GetString(_protector.Unprotect(Convert.FromBase64String(cookie)));
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>Browsers name the origin of every request that changes something; one that does not say where it comes from is not from here.</summary>
    private static bool IsFromHere(HttpRequest request) =>
        request.Headers.Origin.ToString() == $"{request.Scheme}://{request.Host}"
        && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin";
}
