using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Ports;

namespace AiCd.Forge.Local;

/// <summary>The stored form of pull requests. People read it too, so it is indented, and only what must be is escaped.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(LocalPullRequest))]
internal sealed partial class PullRequestJson : JsonSerializerContext
{
    private static readonly PullRequestJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static byte[] Write(LocalPullRequest pullRequest) => [.. JsonSerializer.SerializeToUtf8Bytes(pullRequest, Readable.LocalPullRequest), (byte)'\n'];

    /// <param name="name">The ref that it stands under.</param>
    /// <exception cref="StageException">It is not what this class has written.</exception>
    public static LocalPullRequest Read(string name, byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Readable.LocalPullRequest) ?? throw new JsonException("It is null");
        }
        catch (JsonException e)
        {
            throw new StageException(FaultKind.Permanent, "pull_request_unreadable",
                $"{name} does not hold a pull request: {e.Message}", e);
        }
    }
}
