using System.Security.Cryptography;
using System.Text;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Exports;

/// <summary>
/// Chains the lines of a file: every line is a JSON object whose last member <c>hash</c> is the SHA-256, in lower-case hex, of the hash
/// of the line before (64 zeros before the first), a line break, and the line without that member. A line that was changed, added,
/// removed or moved breaks the chain from there on.
/// </summary>
internal sealed class HashChain
{
    private const string Member = ",\"hash\":\"";
    private const int HashLength = 64;
    private const int SealLength = 9 + HashLength + 2;

    /// <summary>Of the last line.</summary>
    public string Head { get; private set; } = new('0', HashLength);

    /// <param name="body">A JSON object on one line, with at least one member.</param>
    /// <returns>The line with its hash, without a line break.</returns>
    public string Seal(string body)
    {
        Head = Next(body);
        return string.Concat(body.AsSpan(0, body.Length - 1), Member, Head, "\"}");
    }

    /// <returns>The line without its hash.</returns>
    /// <exception cref="CommandException">The line is not the next of the chain.</exception>
    public string Open(string line, long number)
    {
        if (line.Length <= SealLength || !line.EndsWith("\"}", StringComparison.Ordinal) || !line.AsSpan(line.Length - SealLength).StartsWith(Member))
        {
            throw Broken(number, "expected a JSON object that ends in its hash");
        }

        var body = string.Concat(line.AsSpan(0, line.Length - SealLength), "}");
        var given = line.AsSpan(line.Length - HashLength - 2, HashLength);
        var head = Next(body);
        if (!given.SequenceEqual(head))
        {
            throw Broken(number, $"expected the hash {head}, got '{given}': the line, or one before it, is not what was written");
        }

        Head = head;
        return body;
    }

    public static CommandException Broken(long number, string what) => new(ExitCodes.Refuted, $"line {number}: {what}");

    private string Next(string body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(Head + "\n"));
        hash.AppendData(Encoding.UTF8.GetBytes(body));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
