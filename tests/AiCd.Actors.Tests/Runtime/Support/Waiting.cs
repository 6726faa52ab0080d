using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime.Pools;

namespace AiCd.Actors.Tests.Runtime.Support;

/// <summary>Jobs that wait for a place, with the values that a test does not care about filled in.</summary>
internal static class Waiting
{
    public const string Agent = "mock";

    private static readonly DateTimeOffset T0 = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="number">Jobs of rising numbers rise in age.</param>
    public static JobId Id(int number, int shard = 0) => JobId.Create(T0.AddMilliseconds(number), shard, random: 0);

    public static WaitingJob Job(int number, string tenant = "t", int priority = 0, DateTimeOffset? due = null, string provider = Agent) =>
        new(Id(number), tenant, priority, due, provider);
}
