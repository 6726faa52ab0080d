using AiCd.Actors.Journal;
using AiCd.Actors.Stages;
using AiCd.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime;

/// <summary>What outlives the incarnations of a node.</summary>
internal sealed record EngineParts(IStore Store, IStageWork Work, EngineOptions Options, JobFeed Feed, EngineMetrics Metrics, TimeProvider Time, ILogger Logger);
