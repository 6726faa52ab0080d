using System.Text;
using AiCd.Agents.Models;

namespace AiCd.Agents.Loop;

/// <summary>A conversation as its turns left it. What was recorded and what is live go the same way, so a resumed one is no other.</summary>
internal sealed class Conversation
{
    private readonly List<ModelMessage> _messages = [];
    private (long Tokens, int Messages)? _counted;

    public IReadOnlyList<ModelMessage> Messages => _messages;

    /// <summary>Answers so far.</summary>
    public int Answers { get; private set; }

    /// <summary>How much feedback the model has been told.</summary>
    public int Heard { get; private set; }

    /// <summary>The last answer, while nothing was said to it.</summary>
    public ModelResponse? Open { get; private set; }

    public int Submissions { get; private set; }

    /// <summary>How far compaction has gone, and up to which message.</summary>
    public LoopTurn.Compacted? LastCompaction { get; private set; }

    /// <returns>The conversation to go on with; null where there is none, or none that fits.</returns>
    /// <param name="promptName">Of the stage; a newer version of its prompt goes on with what an older one began.</param>
    public static Conversation? Replay(IReadOnlyList<string> recorded, string promptName, string baseSha)
    {
        var turns = recorded.Select(LoopTurn.Parse).ToList();
        var begin = turns.FindLastIndex(turn => turn is LoopTurn.Started);
        if (begin < 0 || turns[begin] is not LoopTurn.Started start || start.Prompt.Split('@')[0] != promptName || start.BaseSha != baseSha)
        {
            return null;
        }

        var conversation = new Conversation();
        foreach (var turn in turns.Skip(begin))
        {
            conversation.Apply(turn);
        }

        // A result that was accepted twice and still came to nothing would come to nothing again.
        return turns.Skip(begin).Any(turn => turn is LoopTurn.Abandoned) || conversation.Submissions > 1 ? null : conversation;
    }

    public void Apply(LoopTurn turn)
    {
        switch (turn)
        {
            case LoopTurn.Started started:
                _messages.Add(started.Message);
                Heard = started.Heard;
                break;
            case LoopTurn.Answered answered:
                _messages.Add(answered.Message);
                _counted = (answered.Usage.Input + answered.Usage.Output, _messages.Count);
                Open = new ModelResponse(answered.Message, answered.Stop, answered.Usage);
                Answers++;
                break;
            case LoopTurn.Replied replied:
                Say(replied.Message);
                Open = null;
                break;
            case LoopTurn.Told told:
                Say(ModelMessage.User(told.Text));
                Heard = told.Heard;
                break;
            case LoopTurn.Compacted compacted:
                Compaction.Apply(_messages, compacted);
                LastCompaction = compacted;
                _counted = null;
                break;
            case LoopTurn.Submitted:
                Submissions++;
                break;
        }
    }

    /// <summary>A bound that the next request's input does not exceed: no token is shorter than a byte.</summary>
    /// <param name="overhead">Bytes of what goes with the messages.</param>
    /// <param name="sameModel">True where the last answer was counted by the model that is asked next.</param>
    public long InputAtMost(long overhead, bool sameModel) => sameModel && _counted is var (tokens, counted)
        ? tokens + _messages.Skip(counted).Sum(Bytes) + 256
        : overhead + _messages.Sum(Bytes) + 1024;

    /// <summary>About how many tokens the messages are.</summary>
    public long About(long overhead) => _counted is var (tokens, counted)
        ? tokens + (_messages.Skip(counted).Sum(Bytes) / 3)
        : (overhead + _messages.Sum(Bytes)) / 3;

    /// <summary>Two messages of the same side in a row would be one to some providers and an error to others.</summary>
    private void Say(ModelMessage message)
    {
        if (_messages.Count > 0 && _messages[^1].Role == message.Role)
        {
            _messages[^1] = _messages[^1] with { Blocks = [.. _messages[^1].Blocks, .. message.Blocks] };
            _counted = _counted is var (tokens, counted) && counted >= _messages.Count ? null : _counted;
        }
        else
        {
            _messages.Add(message);
        }
    }

    private static long Bytes(ModelMessage message) => message.Blocks.Sum(block => 32L + block switch
    {
        TextBlock text => Encoding.UTF8.GetByteCount(text.Text),
        ToolCallBlock call => Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Arguments),
        ToolResultBlock result => Encoding.UTF8.GetByteCount(result.Text),
        OpaqueBlock opaque => Encoding.UTF8.GetByteCount(opaque.Json),
        _ => 0,
    });
}
