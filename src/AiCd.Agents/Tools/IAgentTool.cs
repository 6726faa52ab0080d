using System.Text.Json;
using AiCd.Agents.Models;

namespace AiCd.Agents.Tools;

/// <summary>Something that a model may do.</summary>
internal interface IAgentTool
{
    ToolDefinition Definition { get; }

    /// <summary>True where it changes nothing: then it runs beside others, and again after a crash.</summary>
    bool ReadOnly { get; }

    /// <summary>Says in one line what a call does, for people who watch.</summary>
    string Describe(JsonElement arguments);

    /// <exception cref="ToolException">It could not be done; the model is told why.</exception>
    Task<string> RunAsync(JsonElement arguments, CancellationToken cancellationToken);
}

/// <summary>Tells the model what it did wrong.</summary>
internal sealed class ToolException(string message) : Exception(message);
