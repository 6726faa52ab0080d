using AiCd.Web.Access;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiCd.Web.Dashboard.Serving;

/// <summary>Opens and closes sessions for the forms of the pages.</summary>
internal static class SignIn
{
    /// <summary>Only from this server's own page: another one could otherwise sign a person in as somebody else.</summary>
    public static async Task<RedirectHttpResult> WithKeyAsync(HttpContext context, KeyRing keys, Sessions sessions)
    {
        if (!Sessions.IsFromHere(context.Request))
        {
            throw new ProblemException(ProblemType.CrossOrigin, "A session may only be opened from this server's own pages", "Origin", "this server's address");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var to = Local(form["to"].ToString());
        if (await keys.FindAsync(form["key"].ToString().Trim(), context.RequestAborted) is not { } caller)
        {
            return TypedResults.LocalRedirect($"{to}{(to.Contains('?', StringComparison.Ordinal) ? '&' : '?')}problem=key");
        }

        sessions.Open(context, caller.KeyId);
        return TypedResults.LocalRedirect(to);
    }

    public static RedirectHttpResult Out(HttpContext context)
    {
        Sessions.Close(context);
        return TypedResults.LocalRedirect("/");
    }

    /// <summary>A path of this server, or the board.</summary>
    private static string Local(string to) =>
        to.StartsWith('/') && !to.StartsWith("//", StringComparison.Ordinal) && !to.Contains('\\', StringComparison.Ordinal) && !to.Any(char.IsControl) ? to : "/";
}
