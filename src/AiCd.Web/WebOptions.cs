using System.ComponentModel.DataAnnotations;

namespace AiCd.Web;

/// <summary>How the web serves (section <c>AiCd:Web</c>).</summary>
public sealed class WebOptions
{
    public const string Section = "AiCd:Web";

    /// <summary>Names by which the server is reached besides the addresses it listens on; a request for another host is refused.</summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>Bytes of a request's body, from 1024 to 100000000.</summary>
    [Range(1_024, 100_000_000)]
    public int MaxBodyBytes { get; set; } = 1_048_576;

    /// <summary>Bytes of a webhook's body; GitHub sends up to 25 MB.</summary>
    [Range(1_024, 100_000_000)]
    public int MaxWebhookBytes { get; set; } = 26_214_400;

    /// <summary>How long a request may take, streams excepted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests a second that one key may make on a node for long, from 1 to 1000000.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 100;

    /// <summary>Requests that one key may make at once beyond that.</summary>
    [Range(1, 1_000_000)]
    public int RequestBurst { get; set; } = 400;

    /// <summary>Streams that one key may hold open on a node.</summary>
    [Range(1, 1_000_000)]
    public int StreamsPerKey { get; set; } = 2_000;

    /// <summary>A stream says that it is alive when nothing happened for so long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:05:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How far a stream's reader may fall behind, in messages, before it is cut off.</summary>
    [Range(10, 1_000_000)]
    public int StreamBacklog { get; set; } = 2_000;

    /// <summary>How often the journal is looked at for what other nodes wrote.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan TailPolling { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many hours of ends and durations the figures tell of unless asked for others.</summary>
    [Range(1, 8_760)]
    public int StatsHours { get; set; } = 24;
}
