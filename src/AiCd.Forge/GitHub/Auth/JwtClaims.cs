using System.Text.Json.Serialization;

namespace AiCd.Forge.GitHub.Auth;

internal sealed record JwtClaims(
    [property: JsonPropertyName("iat")] long IssuedAt, [property: JsonPropertyName("exp")] long Expires, [property: JsonPropertyName("iss")] string Issuer);

[JsonSerializable(typeof(JwtClaims))]
internal sealed partial class JwtJson : JsonSerializerContext;
