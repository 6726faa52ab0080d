using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AiCd.Web.Access;

/// <summary>A key as its owner holds it: <c>aicd_&lt;id&gt;_&lt;256 random bits&gt;</c>. The id alone is stored in clear.</summary>
internal static class KeySecret
{
    private const string Prefix = "aicd_";
    private const int IdLength = 12;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;

    public static (string Id, string Key) Create()
    {
        var id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true);
        return (id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <returns>Null where the text cannot be a key.</returns>
    public static string? IdOf(string key) =>
        key.Length == Prefix.Length + IdLength + 1 + SecretLength && key.StartsWith(Prefix, StringComparison.Ordinal) && key[Prefix.Length + IdLength] == '_'
            ? key.Substring(Prefix.Length, IdLength)
            : null;

    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static bool Matches(string key, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(key)), Encoding.ASCII.GetBytes(hash));
}
