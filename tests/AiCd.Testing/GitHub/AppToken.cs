using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AiCd.Testing.GitHub;

/// <summary>Judges an App's signed token as GitHub does.</summary>
internal static class AppToken
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <returns>Why it is refused, or null.</returns>
    public static string? Objection(FakeApp app, string token, DateTimeOffset now)
    {
        if (token.Split('.') is not [var header, var claims, var signature]
            || JsonDocument.Parse(Base64Url.DecodeFromChars(header)).RootElement.GetProperty("alg").GetString() != "RS256"
            || !app.Key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return "A JSON web token could not be decoded";
        }

        var said = JsonDocument.Parse(Base64Url.DecodeFromChars(claims)).RootElement;
        var issued = DateTimeOffset.FromUnixTimeSeconds(said.GetProperty("iat").GetInt64());
        var expires = DateTimeOffset.FromUnixTimeSeconds(said.GetProperty("exp").GetInt64());
        return said.GetProperty("iss").GetString() != app.ClientId ? "'Issuer' claim ('iss') must be the client id"
            : issued > now ? "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
            : expires <= now || expires > now + Longest ? "'Expiration time' claim ('exp') is too far in the future"
            : null;
    }
}
