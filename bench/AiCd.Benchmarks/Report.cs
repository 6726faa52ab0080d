using System.Runtime.InteropServices;
using System.Text.Json;

namespace AiCd.Benchmarks;

/// <summary>Prints a result with what it was taken on.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web);
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(string measure, string store, object result, bool json)
    {
        var report = new
        {
            measure,
            store,
            machine = $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GiB, {RuntimeInformation.OSDescription}",
            runtime = RuntimeInformation.FrameworkDescription,
            result,
        };
        Console.WriteLine(JsonSerializer.Serialize(report, json ? Compact : Readable));
    }
}
