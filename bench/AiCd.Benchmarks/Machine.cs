using System.Runtime.InteropServices;

namespace AiCd.Benchmarks;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    private const string ProcessorInfo = "/proc/cpuinfo";

    public static string Runtime => RuntimeInformation.FrameworkDescription;

    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        return $"{Environment.ProcessorCount} cores of {Processor()}, {memory} GiB, {RuntimeInformation.OSDescription}";
    }

    private static string Processor() => File.Exists(ProcessorInfo)
        ? File.ReadLines(ProcessorInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1] ?? "unknown"
        : RuntimeInformation.ProcessArchitecture.ToString();
}
