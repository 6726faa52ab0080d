using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiCd.Web.Access;

/// <summary>Links that open a session in a browser, each once and for a few minutes.</summary>
public sealed class SignInLinks(TimeProvider time)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (string KeyId, DateTimeOffset Until)> _links = new();

    /// <returns>The path to open.</returns>
    public string Create(string keyId)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _links[token] = (keyId, time.GetUtcNow() + Lasts);
        return $"/sign-in/{token}";
    }

    internal string? Redeem(string token) => _links.TryRemove(token, out var link) && link.Until > time.GetUtcNow() ? link.KeyId : null;

    internal static RedirectHttpResult Follow(string token, SignInLinks links, Sessions sessions, HttpContext context)
    {
        if (links.Redeem(token) is not { } keyId)
        {
            throw new ProblemException(ProblemType.NotFound, "The link was used or is too old; `aicd serve` prints another one when it starts");
        }

        sessions.Open(context, keyId);
        return TypedResults.LocalRedirect("~/");
    }
}
