using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AiCd.Testing.Models;

/// <summary>Chat Completions as its public reference describes it: https://platform.openai.com/docs/api-reference/chat.</summary>
internal sealed class OpenAiWire : IModelWire
{
    private const int Piece = 24;

    public ModelCall Read(JsonElement body, int number)
    {
        var messages = body.GetProperty("messages").EnumerateArray().ToList();
        var lastAnswer = messages.FindLastIndex(message => RoleOf(message) == "assistant");
        return new ModelCall(
            "openai",
            number,
            body.GetProperty("model").GetString()!,
            string.Join("\n", messages.Where(message => RoleOf(message) is "system" or "developer").Select(TextOf)),
            TextOf(messages.First(message => RoleOf(message) == "user")),
            string.Join("\n\n", messages.Skip(lastAnswer + 1).Where(message => RoleOf(message) == "user").Select(TextOf)),
            messages.Count(message => RoleOf(message) == "assistant"),
            messages.Skip(lastAnswer + 1).Where(message => RoleOf(message) == "tool")
                .ToDictionary(message => message.GetProperty("tool_call_id").GetString()!, TextOf),
            body);
    }

    public ModelReply? Refuse(HttpRequest request, JsonElement body)
    {
        if (request.Headers.Authorization != $"Bearer {ModelServer.Key}")
        {
            return new ModelReply.Error(401, "invalid_api_key", "Incorrect API key provided");
        }

        var open = new HashSet<string>();
        foreach (var message in body.GetProperty("messages").EnumerateArray())
        {
            if (RoleOf(message) == "tool")
            {
                if (!open.Remove(message.GetProperty("tool_call_id").GetString()!))
                {
                    return Invalid("messages with role 'tool' must be a response to a preceding message with 'tool_calls'.");
                }
            }
            else if (open.Count > 0)
            {
                return Invalid("An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.");
            }
            else if (RoleOf(message) == "assistant" && message.TryGetProperty("tool_calls", out var calls))
            {
                open.UnionWith(calls.EnumerateArray().Select(call => call.GetProperty("id").GetString()!));
            }
        }

        return open.Count > 0 ? Invalid("'tool_calls' without responses") : null;
    }

    public async Task<bool> WriteAsync(HttpContext context, ModelReply reply)
    {
        switch (reply)
        {
            case ModelReply.Held held:
                await held.Signal.WaitAsync(context.RequestAborted);
                return await WriteAsync(context, held.Then);
            case ModelReply.Silence:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return false;
            case ModelReply.Error error:
                return await EventStream.WriteErrorAsync(context, error.Status, ErrorBody(error.Type, error.Message), error.RetryAfter);
            case ModelReply.Answer answer:
                return await WriteAsync(context, answer);
            default:
                throw new ArgumentOutOfRangeException(nameof(reply));
        }
    }

    private static async Task<bool> WriteAsync(HttpContext context, ModelReply.Answer answer)
    {
        var stream = new EventStream(context, answer.BreakAfter);
        stream.Begin();
        await stream.SendAsync(Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" }));
        var calls = 0;
        foreach (var part in answer.Parts)
        {
            foreach (var delta in Deltas(part, part is ReplyPart.ToolCall ? calls++ : 0))
            {
                await stream.SendAsync(Chunk(delta));
            }
        }

        if (answer.StreamError is var (type, message))
        {
            await stream.SendAsync(ErrorBody(type, message));
            return false;
        }

        await stream.SendAsync(Chunk([], Finish(answer, calls)));
        var usage = answer.Usage!;
        await stream.SendAsync(new JsonObject
        {
            ["id"] = "chatcmpl-test",
            ["object"] = "chat.completion.chunk",
            ["created"] = 1893456000,
            ["model"] = "gpt-test",
            ["choices"] = new JsonArray(),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = usage.AllInput,
                ["completion_tokens"] = usage.Output,
                ["total_tokens"] = usage.AllInput + usage.Output,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CacheRead },
                ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
            },
        });
        await stream.SendAsync("[DONE]");
        return true;
    }

    private static IEnumerable<JsonObject> Deltas(ReplyPart part, int index)
    {
        if (part is ReplyPart.Text text)
        {
            return text.Content.Chunk(Piece).Select(piece => new JsonObject { ["content"] = new string(piece) });
        }

        if (part is not ReplyPart.ToolCall call)
        {
            // Chat Completions shows no thoughts.
            return [];
        }

        var begin = new JsonObject
        {
            ["index"] = index,
            ["id"] = call.Id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = "" },
        };
        var rest = call.Arguments.Chunk(Piece).Select(piece =>
            new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = new string(piece) } });
        return rest.Prepend(begin).Select(delta => new JsonObject { ["tool_calls"] = new JsonArray(delta) });
    }

    private static string Finish(ModelReply.Answer answer, int calls) => answer.Stop switch
    {
        "max_tokens" => "length",
        "refusal" => "content_filter",
        _ => calls > 0 ? "tool_calls" : "stop",
    };

    private static JsonObject Chunk(JsonObject delta, string? finish = null) => new()
    {
        ["id"] = "chatcmpl-test",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1893456000,
        ["model"] = "gpt-test",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
        ["usage"] = null,
    };

    private static ModelReply.Error Invalid(string message) => new(400, "invalid_request_error", message);

    private static JsonObject ErrorBody(string code, string message) => new()
    {
        ["error"] = new JsonObject { ["message"] = message, ["type"] = code, ["param"] = null, ["code"] = code },
    };

    private static string? RoleOf(JsonElement message) => message.GetProperty("role").GetString();

    private static string TextOf(JsonElement message) => message.TryGetProperty("content", out var content)
        ? content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Join("\n\n", content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : "")),
            _ => "",
        }
        : "";
}
