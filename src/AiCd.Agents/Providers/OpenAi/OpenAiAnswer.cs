using System.Text;
using AiCd.Agents.Models;
using OpenAI.Chat;

namespace AiCd.Agents.Providers.OpenAi;

/// <summary>Puts a streamed answer together.</summary>
internal sealed class OpenAiAnswer
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _refusal = new();
    private readonly SortedDictionary<int, Call> _calls = [];
    private ChatFinishReason? _finish;
    private TokenUsage _usage = TokenUsage.None;

    public void Add(StreamingChatCompletionUpdate update, Action<string> onText)
    {
        foreach (var part in update.ContentUpdate.Where(part => part.Text is { Length: > 0 }))
        {
            _text.Append(part.Text);
            onText(part.Text);
        }

        _refusal.Append(update.RefusalUpdate);
        foreach (var call in update.ToolCallUpdates)
        {
            if (!_calls.TryGetValue(call.Index, out var begun))
            {
                _calls.Add(call.Index, begun = new Call());
            }

            begun.Id ??= call.ToolCallId is { Length: > 0 } id ? id : null;
            begun.Name ??= call.FunctionName is { Length: > 0 } name ? name : null;
            begun.Arguments.Append(call.FunctionArgumentsUpdate?.ToString());
        }

        _finish = update.FinishReason ?? _finish;
        if (update.Usage is { } usage)
        {
            _usage = new TokenUsage(
                usage.InputTokenCount,
                usage.InputTokenDetails?.CachedTokenCount ?? 0,
                0,
                usage.OutputTokenCount,
                usage.OutputTokenDetails?.ReasoningTokenCount ?? 0);
        }
    }

    /// <exception cref="ModelException">The answer broke off.</exception>
    public ModelResponse ToResponse()
    {
        if (_finish is not { } finish)
        {
            throw new ModelException(ModelFault.BrokenAnswer, $"{OpenAiModelClient.Name}'s answer broke off before its end", billed: true);
        }

        var blocks = new List<Block>();
        if (_text.Length + _refusal.Length > 0)
        {
            blocks.Add(new TextBlock(_text.Append(_refusal).ToString()));
        }

        blocks.AddRange(_calls.Select(call => new ToolCallBlock(
            call.Value.Id ?? $"call_{call.Key}", call.Value.Name ?? "", call.Value.Arguments.Length > 0 ? call.Value.Arguments.ToString() : "{}")));
        return new ModelResponse(new ModelMessage(MessageRole.Assistant, blocks), Stop(finish), _usage);
    }

    private StopReason Stop(ChatFinishReason finish) => finish switch
    {
        _ when _refusal.Length > 0 => StopReason.Refusal,
        ChatFinishReason.ContentFilter => StopReason.Refusal,
        ChatFinishReason.Length => StopReason.MaxTokens,
        _ when _calls.Count > 0 => StopReason.ToolCalls,
        ChatFinishReason.Stop => StopReason.EndTurn,
        _ => StopReason.Other,
    };

    private sealed class Call
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
