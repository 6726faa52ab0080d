using System.Text.Json;
using AiCd.Agents.Models;
using Anthropic.Models.Messages;
using Block = AiCd.Agents.Models.Block;
using TextBlock = AiCd.Agents.Models.TextBlock;

namespace AiCd.Agents.Providers.Anthropic;

/// <summary>
/// Puts a request into the provider's words. The end of the system prompt and the end of the conversation are marked for its cache,
/// so that every turn pays in full only for what is new.
/// </summary>
internal static class AnthropicRequest
{
    public static MessageCreateParams Of(ModelRequest request, string thinking)
    {
        var parameters = new MessageCreateParams
        {
            Model = request.Model,
            MaxTokens = request.MaxOutputTokens,
            System = new MessageCreateParamsSystem([new TextBlockParam { Text = request.System, CacheControl = new CacheControlEphemeral() }]),
            Messages = [.. request.Messages.Select((message, index) => Message(message, last: index == request.Messages.Count - 1))],
            Tools = [.. request.Tools.Select(tool => new ToolUnion(Tool(tool)))],
        };
        if (request.Effort is { } effort)
        {
            parameters = parameters with { OutputConfig = new OutputConfig { Effort = effort } };
        }

        if (request.Temperature is { } temperature)
        {
            // The library has no member for it: newer models refuse it, older ones and compatible servers take it.
            parameters = MessageCreateParams.FromRawUnchecked(
                parameters.RawHeaderData,
                parameters.RawQueryData,
                new Dictionary<string, JsonElement>(parameters.RawBodyData) { ["temperature"] = JsonSerializer.SerializeToElement(temperature) });
        }

        return thinking switch
        {
            "adaptive" => parameters with { Thinking = new ThinkingConfigParam(new ThinkingConfigAdaptive()) },
            "off" => parameters with { Thinking = new ThinkingConfigParam(new ThinkingConfigDisabled()) },
            _ => parameters,
        };
    }

    private static Tool Tool(ToolDefinition definition) => new()
    {
        Name = definition.Name,
        Description = definition.Description,
        InputSchema = InputSchema.FromRawUnchecked(definition.Schema.EnumerateObject().ToDictionary(member => member.Name, member => member.Value)),
    };

    private static MessageParam Message(ModelMessage message, bool last)
    {
        var blocks = message.Blocks
            .Where(block => block is not OpaqueBlock opaque || opaque.Provider == AnthropicModelClient.Name)
            .Where(block => block is not TextBlock { Text.Length: 0 })
            .ToList();
        var content = new MessageContentParam([.. blocks.Select((block, index) => Content(block, cached: last && index == blocks.Count - 1))]);
        return message.Role == MessageRole.Assistant
            ? new MessageParam(new AssistantMessageParam { Content = content })
            : new MessageParam(new UserMessageParam { Content = content });
    }

    private static ContentBlockParam Content(Block block, bool cached)
    {
        switch (block)
        {
            case TextBlock text:
                var words = new TextBlockParam { Text = text.Text };
                return new ContentBlockParam(cached ? words with { CacheControl = new CacheControlEphemeral() } : words);
            case ToolResultBlock said:
                var result = new ToolResultBlockParam { ToolUseID = said.CallId, Content = new ToolResultBlockParamContent(said.Text), IsError = said.IsError };
                return new ContentBlockParam(cached ? result with { CacheControl = new CacheControlEphemeral() } : result);
            case ToolCallBlock call:
                return new ContentBlockParam(new ToolUseBlockParam { ID = call.Id, Name = call.Name, Input = Arguments(call.Arguments) });
            case OpaqueBlock opaque:
                return new ContentBlockParam(JsonElement.Parse(opaque.Json));
            default:
                throw new ArgumentOutOfRangeException(nameof(block));
        }
    }

    /// <summary>The API takes nothing but an object, also where the model itself wrote something else.</summary>
    private static Dictionary<string, JsonElement> Arguments(string json) => ToolArguments.TryParse(json, out var arguments)
        ? arguments.EnumerateObject().ToDictionary(member => member.Name, member => member.Value)
        : new Dictionary<string, JsonElement> { ["unreadable"] = JsonSerializer.SerializeToElement(json) };
}
