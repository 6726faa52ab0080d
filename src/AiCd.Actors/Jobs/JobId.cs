using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace AiCd.Actors.Jobs;

/// <summary>
/// Names a job and the shard it lives on: sixteen characters of Crockford's base 32 in lower case, nine of milliseconds since
/// 1970 (ids sort by age), five of randomness, two of the shard.
/// </summary>
[JsonConverter(typeof(JobIdJsonConverter))]
public readonly record struct JobId : IComparable<JobId>
{
    public const int MaxShards = 1024;

    private const int TimeLength = 9;
    private const int RandomLength = 5;
    private const int ShardLength = 2;
    private const int Length = TimeLength + RandomLength + ShardLength;

    private readonly string? _value;

    private JobId(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("A default JobId names no job");

    public int Shard => (int)Base32.Decode(Value.AsSpan(TimeLength + RandomLength));

    public DateTimeOffset MadeAt => DateTimeOffset.FromUnixTimeMilliseconds((long)Base32.Decode(Value.AsSpan(0, TimeLength)));

    /// <param name="at">When the job was made; the id keeps milliseconds.</param>
    /// <param name="shard">From 0 to <see cref="MaxShards"/> - 1.</param>
    /// <param name="random">Its lower 25 bits tell apart the ids of one millisecond and shard.</param>
    public static JobId Create(DateTimeOffset at, int shard, uint random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, MaxShards);
        var time = at.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(time, nameof(at));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(time, 1L << (5 * TimeLength), nameof(at));
        return new JobId(string.Create(Length, (Time: time, shard, random), static (span, part) =>
        {
            Base32.Encode(span[..TimeLength], (ulong)part.Time);
            Base32.Encode(span.Slice(TimeLength, RandomLength), part.random);
            Base32.Encode(span[(TimeLength + RandomLength)..], (ulong)part.shard);
        }));
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        var valid = text is { Length: Length } && text.All(Base32.IsDigit);
        id = valid ? new JobId(text!) : default;
        return valid;
    }

    /// <exception cref="FormatException">The text is no job id.</exception>
    public static JobId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a job id: expected {Length} characters of 0-9 and a-z");

    public int CompareTo(JobId other) => string.CompareOrdinal(_value, other._value);

    public override string ToString() => _value ?? "(none)";

    public static bool operator <(JobId left, JobId right) => left.CompareTo(right) < 0;

    public static bool operator <=(JobId left, JobId right) => left.CompareTo(right) <= 0;

    public static bool operator >(JobId left, JobId right) => left.CompareTo(right) > 0;

    public static bool operator >=(JobId left, JobId right) => left.CompareTo(right) >= 0;
}
