using System.Text.Json;
using AiCd.Agents.Models;
using AiCd.Agents.Prompts;
using AiCd.Agents.Tools;

namespace AiCd.Agents.Loop;

/// <summary>What a model is asked to do, and how its result is told from anything else.</summary>
/// <param name="Task">The first message.</param>
internal sealed record Assignment<TResult>(
    Prompt Prompt, string Task, IReadOnlyList<IAgentTool> Tools, Submission<TResult> Submission)
    where TResult : class;

/// <summary>The tool by which a model hands in its result.</summary>
internal abstract class Submission<TResult>
    where TResult : class
{
    public const string ToolName = "submit";

    public abstract ToolDefinition Tool { get; }

    /// <returns>The result, or what is wrong with it: every problem names its field and what was expected.</returns>
    public abstract (TResult? Result, IReadOnlyList<string> Problems) Read(JsonElement arguments);
}
