using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;

namespace AiCd.Host.Telemetry;

/// <summary>Where traces and metrics go (section <c>AiCd:Telemetry</c>).</summary>
internal sealed class TelemetrySettings
{
    public const string Section = "AiCd:Telemetry";
    public const string Http = "http/protobuf";
    public const string Grpc = "grpc";

    /// <summary>
    /// The OTLP collector that traces and metrics go to. The other OTEL_ variables of the exporter, such as <c>OTEL_EXPORTER_OTLP_HEADERS</c>,
    /// hold too.
    /// </summary>
    [OtlpEndpoint]
    [Expectation("a URL such as http://localhost:4318, or nothing to export nothing")]
    [DefaultsTo("`OTEL_EXPORTER_OTLP_ENDPOINT`, or nothing")]
    public string OtlpEndpoint { get; set; } = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") ?? "";

    /// <summary>How the collector is spoken to: <c>http/protobuf</c> (usually on port 4318) or <c>grpc</c> (4317).</summary>
    [AllowedValues(Http, Grpc)]
    [DefaultsTo("`OTEL_EXPORTER_OTLP_PROTOCOL`, or `http/protobuf`")]
    public string OtlpProtocol { get; set; } = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL") ?? Http;

    /// <summary>How often metrics are exported.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MetricsInterval { get; set; } = TimeSpan.FromSeconds(30);

    internal bool IsOn => OtlpEndpoint.Length > 0;

    /// <param name="signal"><c>traces</c>, <c>metrics</c> or <c>logs</c>.</param>
    internal Uri EndpointOf(string signal) => OtlpProtocol == Http
        ? new Uri($"{OtlpEndpoint.TrimEnd('/')}/v1/{signal}")
        : new Uri(OtlpEndpoint);
}
