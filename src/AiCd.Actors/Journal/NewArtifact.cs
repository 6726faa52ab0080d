using System.Security.Cryptography;
using System.Text;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Journal;

/// <summary>Content that an event is about to name.</summary>
/// <param name="Content">What the store must keep; null where the reference carries it inline.</param>
public readonly record struct NewArtifact(ArtifactRef Ref, ArtifactContent? Content)
{
    /// <summary>Text up to this many UTF-8 bytes travels inside its event: a row of its own would cost more than it saves.</summary>
    public const int MaxInlineBytes = 1024;

    public static NewArtifact Text(string kind, string text, string mediaType)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var sha256 = Hash(bytes);
        return bytes.Length <= MaxInlineBytes
            ? new NewArtifact(new ArtifactRef(kind, sha256, bytes.Length, mediaType, text), null)
            : new NewArtifact(new ArtifactRef(kind, sha256, bytes.Length, mediaType), new ArtifactContent(sha256, bytes));
    }

    public static NewArtifact Bytes(string kind, byte[] content, string mediaType)
    {
        var sha256 = Hash(content);
        return new NewArtifact(new ArtifactRef(kind, sha256, content.Length, mediaType), new ArtifactContent(sha256, content));
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
