using System.Reflection;
using AiCd.Actors.Runtime;
using AiCd.Actors.Telemetry;
using AiCd.Host.Logging;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AiCd.Host.Telemetry;

/// <summary>Sends traces and metrics to a collector, where one is named. What is left is sent when it is disposed, within a bound.</summary>
internal sealed class TelemetryExport(TelemetrySettings settings, EngineOptions engine, ILogger<TelemetryExport> logger) : IDisposable
{
    private const int FlushMilliseconds = 3_000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public void Start()
    {
        if (!settings.IsOn || _traces is not null)
        {
            return;
        }

        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceOf(engine))
            .AddSource(JobTracing.SourceName)
            .AddOtlpExporter(exporter => Aim(exporter, settings, "traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceOf(engine))
            .AddMeter(EngineMetrics.MeterName)
            .AddMeter("System.Runtime", "Npgsql")
            .AddOtlpExporter((exporter, reader) =>
            {
                Aim(exporter, settings, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.MetricsInterval.TotalMilliseconds;
            })
            .Build();
        HostLog.Exporting(logger, settings.OtlpEndpoint, settings.OtlpProtocol);
    }

    public void Dispose()
    {
        _traces?.Shutdown(FlushMilliseconds);
        _traces?.Dispose();
        _metrics?.Shutdown(FlushMilliseconds);
        _metrics?.Dispose();
    }

    public static ResourceBuilder ResourceOf(EngineOptions engine) => ResourceBuilder.CreateDefault()
        .AddService("aicd", serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3), serviceInstanceId: $"{engine.NodeName}/{Environment.ProcessId}");

    public static void Aim(OtlpExporterOptions exporter, TelemetrySettings settings, string signal)
    {
        exporter.Protocol = settings.OtlpProtocol == TelemetrySettings.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = settings.EndpointOf(signal);
    }
}
