using AiCd.Agents.Configuration;
using AiCd.Agents.Models;
using OpenAI.Chat;

namespace AiCd.Agents.Providers.OpenAi;

/// <summary>Puts a request into the provider's words. Its cache needs no marks: it knows the beginning of a prompt by itself.</summary>
internal static class OpenAiRequest
{
    public static IEnumerable<ChatMessage> Messages(ModelRequest request) =>
        [new SystemChatMessage(request.System), .. request.Messages.SelectMany(Messages)];

    public static ChatCompletionOptions Options(ModelRequest request, OpenAiOptions settings)
    {
        var options = new ChatCompletionOptions { Temperature = (float?)request.Temperature };
        if (settings.UseMaxTokens)
        {
            options.Patch.Set("$.max_tokens"u8, request.MaxOutputTokens);
        }
        else
        {
            options.MaxOutputTokenCount = request.MaxOutputTokens;
        }

        if (request.Effort is { } effort)
        {
            options.ReasoningEffortLevel = new ChatReasoningEffortLevel(effort);
        }

        foreach (var tool in request.Tools)
        {
            options.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.Schema.GetRawText())));
        }

        return options;
    }

    private static IEnumerable<ChatMessage> Messages(ModelMessage message)
    {
        var text = string.Join("\n\n", message.Blocks.OfType<TextBlock>().Select(block => block.Text));
        if (message.Role == MessageRole.Assistant)
        {
            return Assistant(text, [.. message.Blocks.OfType<ToolCallBlock>()]);
        }

        // Results come first: they must follow the message with their calls.
        var results = message.Blocks.OfType<ToolResultBlock>().Select(result => (ChatMessage)new ToolChatMessage(result.CallId, result.Text));
        return text.Length > 0 ? results.Append(new UserChatMessage(text)) : results;
    }

    private static IEnumerable<ChatMessage> Assistant(string text, IReadOnlyList<ToolCallBlock> calls)
    {
        if (calls.Count == 0)
        {
            // An answer without a word must still be there: the conversation goes on from it.
            return [new AssistantChatMessage(text.Length > 0 ? text : "(nothing)")];
        }

        var message = new AssistantChatMessage(
            calls.Select(call => ChatToolCall.CreateFunctionToolCall(call.Id, call.Name, BinaryData.FromString(call.Arguments))));
        if (text.Length > 0)
        {
            message.Content.Add(ChatMessageContentPart.CreateTextPart(text));
        }

        return [message];
    }
}
