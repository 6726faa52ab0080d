using AiCd.Actors.Ports;
using AiCd.Agents.Models;

namespace AiCd.Agents.Loop;

/// <summary>A conversation as people read it.</summary>
internal static class Transcript
{
    public static void Add(IStageProgress progress, LoopTurn turn)
    {
        switch (turn)
        {
            case LoopTurn.Started started:
                Add(progress, started.Message);
                break;
            case LoopTurn.Answered answered:
                Add(progress, answered.Message);
                break;
            case LoopTurn.Replied replied:
                Add(progress, replied.Message);
                break;
            case LoopTurn.Told told:
                progress.Record("user", told.Text);
                break;
            case LoopTurn.Compacted:
                progress.Record("note", "What tools said before was left out from here on to save space");
                break;
            case LoopTurn.Abandoned abandoned:
                progress.Record("note", $"Given up: {abandoned.Reason}");
                break;
        }
    }

    public static void Add(IStageProgress progress, ModelMessage message)
    {
        foreach (var block in message.Blocks)
        {
            switch (block)
            {
                case TextBlock text:
                    progress.Record(message.Role == MessageRole.User ? "user" : "assistant", text.Text);
                    break;
                case ToolCallBlock call:
                    progress.Record("tool_call", $"{call.Name} {call.Arguments}");
                    break;
                case ToolResultBlock result:
                    progress.Record("tool_result", result.IsError ? $"error: {result.Text}" : result.Text);
                    break;
            }
        }
    }
}
