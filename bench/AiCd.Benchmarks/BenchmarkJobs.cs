using AiCd.Actors.Runtime;

namespace AiCd.Benchmarks;

internal static class BenchmarkJobs
{
    public static NewJob Job(int number) => new(
        "default",
        "/srv/repositories/parser",
        "main",
        $"Parser fails on empty input, case {number}",
        "`Parser.Parse(\"\")` throws an `IndexOutOfRangeException`.\n\nExpected: an empty document.\n\nSteps:\n\n1. call it\n2. see it fail\n",
        "mock");

    /// <summary>Pools so wide that they never limit.</summary>
    public static EngineOptions WideOpen() => new()
    {
        NodeName = "benchmark",
        Stages = new StagesOptions { Planning = Wide(), Coding = Wide(), Reviewing = Wide(), PrOpen = Wide() },
    };

    private static StageOptions Wide() => new() { Concurrency = 2_000, StartsPerSecond = 1_000_000 };
}
