using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;

namespace AiCd.Actors.Tests.Engines;

/// <summary>What the conformance suite needs to know of an engine: how to start one of its nodes.</summary>
public interface IEngine
{
    /// <summary>Starts a node that brings back what its jobs owe; it is ready for commands when the task completes.</summary>
    Task<INode> StartAsync(IStore store, IStageWork work, EngineOptions options, TimeProvider time);
}

/// <summary>A node of the engine under test.</summary>
public interface INode : IAsyncDisposable
{
    IJobGateway Gateway { get; }

    /// <summary>The name that its attempts bear.</summary>
    string Incarnation { get; }

    bool IsReady { get; }

    /// <summary>Stops in good order: running stages may finish within the grace.</summary>
    Task StopAsync(TimeSpan grace);

    /// <summary>Ends as a killed process does: from now on nothing of it reaches the store, not even a farewell.</summary>
    void Kill();
}
