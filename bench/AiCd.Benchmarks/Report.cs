using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiCd.Benchmarks;

/// <summary>Prints a result with what it was taken on; the figures stand at the top level.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web);
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(string measure, string store, object result, bool json)
    {
        var report = new JsonObject
        {
            ["measure"] = measure,
            ["store"] = store,
            ["machine"] = Machine.Describe(),
            ["runtime"] = Machine.Runtime,
        };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(result, Compact)!.AsObject())
        {
            report[name] = value?.DeepClone();
        }

        Console.WriteLine(report.ToJsonString(json ? Compact : Readable));
    }
}
