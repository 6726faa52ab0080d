using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AiCd.Forge.Repositories;

/// <summary>Names of folders and refs made from text that strangers chose: readable, safe, and different for different texts.</summary>
internal static partial class FolderName
{
    private const int Readable = 40;
    private const int HashLength = 12;

    /// <summary>The text itself where it is harmless, otherwise a readable rest of it and a hash.</summary>
    public static string Of(string text) => Harmless().IsMatch(text) ? text : WithHash(text, text);

    /// <param name="label">What the name should remind people of.</param>
    /// <param name="text">What the name stands for.</param>
    public static string WithHash(string label, string text)
    {
        var rest = Harmful().Replace(label.ToLowerInvariant(), "-").Trim('-');
        return $"{rest[..Math.Min(Readable, rest.Length)]}-{Hash(text)}".TrimStart('-');
    }

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex Harmless();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Harmful();
}
