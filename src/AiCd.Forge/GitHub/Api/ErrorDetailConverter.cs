using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiCd.Forge.GitHub.Api;

/// <summary>GitHub names an error's details as objects here and as plain texts there.</summary>
internal sealed class ErrorDetailConverter : JsonConverter<ErrorDetail>
{
    public override ErrorDetail Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var detail = document.RootElement;
        return detail.ValueKind switch
        {
            JsonValueKind.String => new ErrorDetail(detail.GetString(), null, null),
            JsonValueKind.Object => new ErrorDetail(Text(detail, "message"), Text(detail, "field"), Text(detail, "code")),
            _ => new ErrorDetail(null, null, null),
        };
    }

    public override void Write(Utf8JsonWriter writer, ErrorDetail value, JsonSerializerOptions options) => throw new NotSupportedException("Errors are only read");

    private static string? Text(JsonElement detail, string name) =>
        detail.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
