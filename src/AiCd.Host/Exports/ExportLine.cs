using System.Text;
using System.Text.Json;

namespace AiCd.Host.Exports;

/// <summary>Writes one JSON object on one line.</summary>
internal static class ExportLine
{
    public static string Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
