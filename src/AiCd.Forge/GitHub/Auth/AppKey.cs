using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace AiCd.Forge.GitHub.Auth;

/// <summary>The App's private key, and the signed tokens by which the App shows who it is.</summary>
internal sealed class AppKey : IDisposable
{
    // The server's clock may be behind ours, and accepts nothing that is valid for more than ten minutes.
    private static readonly TimeSpan Backdated = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Valid = TimeSpan.FromMinutes(9);

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT"}"""u8);

    private readonly RSA _key = RSA.Create();

    /// <exception cref="CryptographicException">It is no RSA key in PEM.</exception>
    private AppKey(string pem)
    {
        try
        {
            _key.ImportFromPem(pem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            _key.Dispose();
            throw new CryptographicException("it holds no RSA key in PEM", e);
        }
    }

    /// <exception cref="CryptographicException">There is no usable key.</exception>
    public static AppKey Load(GitHubOptions options) =>
        TryLoad(options, out var key, out var problem) ? key : throw new CryptographicException(problem);

    public static bool TryLoad(GitHubOptions options, out string problem)
    {
        var loaded = TryLoad(options, out var key, out problem);
        key?.Dispose();
        return loaded;
    }

    /// <summary>A signed token of the App for a few minutes.</summary>
    public string Sign(string clientId, DateTimeOffset now)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(
            new JwtClaims((now - Backdated).ToUnixTimeSeconds(), (now + Valid).ToUnixTimeSeconds(), clientId), JwtJson.Default.JwtClaims);
        var content = $"{Header}.{Base64Url.EncodeToString(claims)}";
        var signature = _key.SignData(System.Text.Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();

    private static bool TryLoad(GitHubOptions options, [NotNullWhen(true)] out AppKey? key, out string problem)
    {
        try
        {
            key = new AppKey(options.PrivateKey.Length > 0 ? options.PrivateKey : File.ReadAllText(options.PrivateKeyPath));
            problem = "";
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key = null;
            problem = options.PrivateKeyPath.Length == 0 && options.PrivateKey.Length == 0 ? "none was given" : e.Message;
            return false;
        }
    }
}
