using AiCd.Actors.Jobs;

namespace AiCd.Actors.Projections;

/// <summary>Ids begin with the time of submission, so a span of time is a range of ids.</summary>
internal readonly record struct JobIdRange(string From, string Below)
{
    // Sorts after every character of an id.
    private const string AfterAllIds = "~";

    public static JobIdRange Of(DateTimeOffset? from, DateTimeOffset? to) => new(from is { } first ? Lowest(first) : "", to is { } end ? Lowest(end) : AfterAllIds);

    public static JobIdRange Of(JobFilter filter) => Of(filter.From, filter.To);

    private static string Lowest(DateTimeOffset at) =>
        JobId.Create(at < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : at, shard: 0, random: 0).Value;
}
