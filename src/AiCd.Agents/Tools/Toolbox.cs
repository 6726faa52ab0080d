using System.Text.Json;
using AiCd.Actors.Ports;
using AiCd.Agents.Loop;
using AiCd.Agents.Models;
using AiCd.Agents.Text;

namespace AiCd.Agents.Tools;

/// <summary>Runs the tools that an answer calls: those that only read side by side, the others one after the other and in order.</summary>
internal sealed class Toolbox(IReadOnlyList<IAgentTool> tools, IStageProgress progress, TimeSpan maxTime, TimeProvider time)
{
    private const int MaxDescription = 160;

    private TimeSpan _spent;

    public static string Unreadable(bool cut) => cut
        ? "Your answer was cut off in the middle of this call, so nothing was done. Call again with less."
        : "The arguments are not a JSON object, so nothing was done. Call again with valid JSON.";

    /// <param name="cut">The answer was cut off, perhaps in the middle of the last call.</param>
    /// <param name="resumed">The calls may have been carried out in part before a crash.</param>
    /// <returns>In the order of the calls.</returns>
    /// <exception cref="NoResultException">The tools took all the time that they had.</exception>
    public async Task<IReadOnlyList<ToolResultBlock>> RunAsync(
        IReadOnlyList<ToolCallBlock> calls, bool cut, bool resumed, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var results = new List<ToolResultBlock>(calls.Count);
        for (var i = 0; i < calls.Count;)
        {
            var together = calls.Skip(i).TakeWhile(call => Find(call)?.ReadOnly == true).ToList();
            if (together.Count == 0)
            {
                results.Add(await RunAsync(calls[i++], cut, resumed, cancellationToken));
                continue;
            }

            results.AddRange(await Task.WhenAll(together.Select(call => RunAsync(call, cut, resumed, cancellationToken))));
            i += together.Count;
        }

        _spent += time.GetElapsedTime(began);
        return _spent <= maxTime ? results : throw new NoResultException(
            FaultKind.Permanent, "tool_time_exhausted", $"The tools of this stage took longer than {maxTime} altogether");
    }

    private IAgentTool? Find(ToolCallBlock call) => tools.FirstOrDefault(tool => tool.Definition.Name == call.Name);

    private async Task<ToolResultBlock> RunAsync(ToolCallBlock call, bool cut, bool resumed, CancellationToken cancellationToken)
    {
        if (Find(call) is not { } tool)
        {
            return Error(call, $"There is no tool '{call.Name}': expected one of {string.Join(", ", tools.Select(known => known.Definition.Name))}, {Submission<object>.ToolName}");
        }

        if (!ToolArguments.TryParse(call.Arguments, out var arguments))
        {
            return Error(call, Unreadable(cut));
        }

        if (resumed && !tool.ReadOnly)
        {
            return Error(call, "The node stopped while this ran: it may have been done, in part or not at all. Look before you repeat it.");
        }

        progress.Report(PlainText.Line($"{call.Name}: {Describe(tool, arguments)}", MaxDescription));
        try
        {
            return new ToolResultBlock(call.Id, await tool.RunAsync(arguments, cancellationToken));
        }
        catch (ToolException wrong)
        {
            return Error(call, wrong.Message);
        }
    }

    private static string Describe(IAgentTool tool, JsonElement arguments)
    {
        try
        {
            return tool.Describe(arguments);
        }
        catch (ToolException)
        {
            return "?";
        }
    }

    private static ToolResultBlock Error(ToolCallBlock call, string message) => new(call.Id, message, IsError: true);
}
