using AiCd.Actors.Journal;
using AiCd.Actors.Stages;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Runtime;

/// <summary>What outlives the incarnations of a node.</summary>
internal sealed record EngineParts(IStore Store, IStageWork Work, EngineOptions Options, JobFeed Feed, TimeProvider Time, ILogger Logger);
