using System.Security.Cryptography;
using System.Text;

namespace AiCd.Web.GitHub;

/// <summary>Tells whether a delivery was signed with one of the secrets.</summary>
internal sealed class WebhookSecrets
{
    private const string Prefix = "sha256=";

    private readonly byte[][] _secrets;

    public WebhookSecrets(WebhookOptions options) =>
        _secrets = [.. options.WebhookSecrets.Append(options.WebhookSecret).Where(secret => secret.Length > 0).Select(Encoding.UTF8.GetBytes)];

    public bool Any => _secrets.Length > 0;

    /// <param name="signature">As the header has it: <c>sha256=</c> and hex.</param>
    public bool Verify(ReadOnlySpan<byte> body, string signature)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        if (signature.Length != Prefix.Length + (2 * SHA256.HashSizeInBytes)
            || !signature.StartsWith(Prefix, StringComparison.Ordinal)
            || Convert.FromHexString(signature.AsSpan(Prefix.Length), given, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        // All of them, whichever it was, so that the time says nothing.
        var valid = false;
        foreach (var secret in _secrets)
        {
            valid |= CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, body), given);
        }

        return valid;
    }
}
