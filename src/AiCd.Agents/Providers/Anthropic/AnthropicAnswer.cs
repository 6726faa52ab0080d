using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiCd.Agents.Models;
using Anthropic.Models.Messages;
using Block = AiCd.Agents.Models.Block;
using StopReason = AiCd.Agents.Models.StopReason;
using TextBlock = AiCd.Agents.Models.TextBlock;

namespace AiCd.Agents.Providers.Anthropic;

/// <summary>Puts a streamed answer together.</summary>
internal sealed class AnthropicAnswer
{
    private readonly SortedDictionary<long, Part> _parts = [];
    private long _input;
    private long _cacheRead;
    private long _cacheWrite;
    private long _output;
    private long _reasoning;
    private string? _stop;
    private bool _whole;

    public void Add(RawMessageStreamEvent e, Action<string> onText)
    {
        if (e.TryPickStart(out var start))
        {
            Count(start.Message.Usage);
        }
        else if (e.TryPickContentBlockStart(out var begun))
        {
            _parts[begun.Index] = new Part(begun.ContentBlock.Json);
        }
        else if (e.TryPickContentBlockDelta(out var more) && _parts.TryGetValue(more.Index, out var part))
        {
            part.Add(more.Delta, onText);
        }
        else if (e.TryPickDelta(out var delta))
        {
            _stop = delta.Delta.StopReason?.Raw();
            Count(delta.Usage);
        }
        else if (e.TryPickStop(out _))
        {
            _whole = true;
        }
    }

    /// <exception cref="ModelException">The answer broke off.</exception>
    public ModelResponse ToResponse()
    {
        if (!_whole || _stop is null)
        {
            throw new ModelException(ModelFault.BrokenAnswer, $"{AnthropicModelClient.Name}'s answer broke off before its end", billed: true);
        }

        var message = new ModelMessage(MessageRole.Assistant, [.. _parts.Values.Select(part => part.ToBlock()).OfType<Block>()]);
        return new ModelResponse(message, Stop(_stop), new TokenUsage(_input + _cacheRead + _cacheWrite, _cacheRead, _cacheWrite, _output, _reasoning));
    }

    private static StopReason Stop(string reason) => reason switch
    {
        "end_turn" or "stop_sequence" => StopReason.EndTurn,
        "tool_use" => StopReason.ToolCalls,
        "max_tokens" => StopReason.MaxTokens,
        "refusal" => StopReason.Refusal,
        "model_context_window_exceeded" => StopReason.ContextOverflow,
        _ => StopReason.Other,
    };

    private void Count(Usage? usage)
    {
        if (usage is not null)
        {
            (_input, _output) = (usage.InputTokens, usage.OutputTokens);
            (_cacheRead, _cacheWrite) = (usage.CacheReadInputTokens ?? 0, usage.CacheCreationInputTokens ?? 0);
            _reasoning = usage.OutputTokensDetails?.ThinkingTokens ?? 0;
        }
    }

    /// <summary>The counts at the end are those of the whole answer; what is missing there stays as the beginning told it.</summary>
    private void Count(MessageDeltaUsage? usage)
    {
        if (usage is not null)
        {
            _output = usage.OutputTokens;
            _input = usage.InputTokens ?? _input;
            _cacheRead = usage.CacheReadInputTokens ?? _cacheRead;
            _cacheWrite = usage.CacheCreationInputTokens ?? _cacheWrite;
            _reasoning = usage.OutputTokensDetails?.ThinkingTokens ?? _reasoning;
        }
    }

    /// <summary>One block of the answer while it grows.</summary>
    private sealed class Part(JsonElement begun)
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _signature = new();

        public void Add(RawContentBlockDelta delta, Action<string> onText)
        {
            if (delta.TryPickText(out var text))
            {
                _text.Append(text.Text);
                onText(text.Text);
            }
            else if (delta.TryPickInputJson(out var json))
            {
                _text.Append(json.PartialJson);
            }
            else if (delta.TryPickThinking(out var thinking))
            {
                _text.Append(thinking.Thinking);
            }
            else if (delta.TryPickSignature(out var signature))
            {
                _signature.Append(signature.Signature);
            }
        }

        public Block? ToBlock() => Text("type") switch
        {
            "text" when (Text("text") + _text) is { Length: > 0 } text => new TextBlock(text),
            "text" => null,
            "tool_use" => new ToolCallBlock(Text("id"), Text("name"), _text.Length > 0 ? _text.ToString() : Input()),
            "thinking" => new OpaqueBlock(AnthropicModelClient.Name, new JsonObject
            {
                ["type"] = "thinking",
                ["thinking"] = Text("thinking") + _text,
                ["signature"] = Text("signature") + _signature,
            }.ToJsonString()),
            _ => new OpaqueBlock(AnthropicModelClient.Name, begun.GetRawText()),
        };

        private string Text(string member) => begun.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

        private string Input() => begun.TryGetProperty("input", out var input) ? input.GetRawText() : "{}";
    }
}
