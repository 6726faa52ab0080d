using System.Globalization;
using System.Text.Json;
using AiCd.Host.Exports;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Archives;

/// <summary>
/// A whole store as JSON Lines that are chained by hash: a header with the shape of every table, the rows table by table, and an end
/// with their numbers. No line depends on the engine that the store came from.
/// </summary>
internal static class ArchiveFormat
{
    public const string Name = "aicd.store";
    public const int Version = 1;

    public static string Header(IReadOnlyList<TableShape> tables) => ExportLine.Write(json =>
    {
        json.WriteString("type", "header");
        json.WriteString("format", Name);
        json.WriteNumber("version", Version);
        json.WriteStartArray("tables");
        foreach (var table in tables)
        {
            json.WriteStartObject();
            json.WriteString("name", table.Name);
            json.WriteStartArray("columns");
            foreach (var column in table.Columns)
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                json.WriteString("kind", KindName(column.Kind));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("order");
            foreach (var column in table.Order)
            {
                json.WriteStringValue(column);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static string Row(TableShape table, object?[] row) => ExportLine.Write(json =>
    {
        json.WriteString("type", "row");
        json.WriteString("table", table.Name);
        json.WriteStartArray("values");
        foreach (var cell in row)
        {
            Write(json, cell);
        }

        json.WriteEndArray();
    });

    public static string End(IReadOnlyDictionary<string, long> rows) => ExportLine.Write(json =>
    {
        json.WriteString("type", "end");
        json.WriteStartObject("rows");
        foreach (var (table, count) in rows.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(table, count);
        }

        json.WriteEndObject();
    });

    /// <exception cref="CommandLine.CommandException">The header does not say what the format demands.</exception>
    public static IReadOnlyList<TableShape> ReadHeader(JsonElement header, long line)
    {
        try
        {
            return [.. header.GetProperty("tables").EnumerateArray().Select(table => new TableShape(
                table.GetProperty("name").GetString()!,
                [.. table.GetProperty("columns").EnumerateArray().Select(column => new TableColumn(
                    column.GetProperty("name").GetString()!, Enum.Parse<CellKind>(column.GetProperty("kind").GetString()!, ignoreCase: true)))],
                [.. table.GetProperty("order").EnumerateArray().Select(column => column.GetString()!)]))];
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw HashChain.Broken(line, $"tables: expected name, columns and order of every table: {error.Message}");
        }
    }

    /// <exception cref="CommandLine.CommandException">A value is not of its column's kind.</exception>
    public static object?[] ReadRow(TableShape table, JsonElement values, long line)
    {
        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() != table.Columns.Count)
        {
            throw HashChain.Broken(line, $"values: expected {table.Columns.Count}, one for each column of {table.Name}");
        }

        return [.. values.EnumerateArray().Select((value, i) => Read(value, table.Columns[i], table, line))];
    }

    private static string KindName(CellKind kind) => kind.ToString().ToLowerInvariant();

    private static void Write(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null:
                json.WriteNullValue();
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case DateTime time:
                json.WriteStringValue(time.ToString("O", CultureInfo.InvariantCulture));
                break;
            case Guid id:
                json.WriteStringValue(id);
                break;
            default:
                json.WriteStringValue((string)cell);
                break;
        }
    }

    private static object? Read(JsonElement value, TableColumn column, TableShape table, long line)
    {
        try
        {
            return value.ValueKind == JsonValueKind.Null ? null : column.Kind switch
            {
                CellKind.Integer => value.GetInt64(),
                CellKind.Text => value.GetString(),
                CellKind.Blob => value.GetBytesFromBase64(),
                CellKind.Real => value.GetDouble(),
                CellKind.Boolean => value.GetBoolean(),
                CellKind.Time => DateTime.ParseExact(value.GetString()!, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                CellKind.Uuid => value.GetGuid(),
                _ => throw new FormatException(),
            };
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            throw HashChain.Broken(line, $"{table.Name}.{column.Name}: expected {KindName(column.Kind)}, got {value.GetRawText()}");
        }
    }
}
