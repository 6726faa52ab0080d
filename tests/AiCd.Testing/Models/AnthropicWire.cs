using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AiCd.Testing.Models;

/// <summary>The Messages API as its public reference describes it: https://platform.claude.com/docs/en/api/messages.</summary>
internal sealed class AnthropicWire : IModelWire
{
    private const int Piece = 24;

    public ModelCall Read(JsonElement body, int number)
    {
        var messages = body.GetProperty("messages").EnumerateArray().ToList();
        return new ModelCall(
            "anthropic",
            number,
            body.GetProperty("model").GetString()!,
            body.TryGetProperty("system", out var system) ? TextOf(system) : "",
            TextOf(messages[0].GetProperty("content")),
            TextOf(messages[^1].GetProperty("content")),
            messages.Count(message => message.GetProperty("role").GetString() == "assistant"),
            Blocks(messages[^1]).Where(block => TypeOf(block) == "tool_result")
                .ToDictionary(block => block.GetProperty("tool_use_id").GetString()!, block => TextOf(block.GetProperty("content"))),
            body);
    }

    public ModelReply? Refuse(HttpRequest request, JsonElement body)
    {
        // The provider takes the key either way; its library sends the latter.
        if (request.Headers["x-api-key"] != ModelServer.Key && request.Headers.Authorization != $"Bearer {ModelServer.Key}")
        {
            return new ModelReply.Error(401, "authentication_error", "invalid x-api-key");
        }

        if (request.Headers["anthropic-version"].Count == 0)
        {
            return Invalid("anthropic-version: header is required");
        }

        if (!body.TryGetProperty("stream", out var stream) || !stream.GetBoolean() || !body.TryGetProperty("max_tokens", out _))
        {
            return Invalid("max_tokens: field required");
        }

        return RefuseMessages([.. body.GetProperty("messages").EnumerateArray()]);
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
                context.Response.Headers["request-id"] = "req_011CTest";
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
        var usage = answer.Usage!;
        await stream.SendAsync(new JsonObject
        {
            ["type"] = "message_start",
            ["message"] = new JsonObject
            {
                ["id"] = "msg_01Test",
                ["type"] = "message",
                ["role"] = "assistant",
                ["model"] = "claude-test",
                ["content"] = new JsonArray(),
                ["stop_reason"] = null,
                ["stop_sequence"] = null,
                ["usage"] = new JsonObject
                {
                    ["input_tokens"] = usage.Input,
                    ["cache_creation_input_tokens"] = usage.CacheWrite,
                    ["cache_read_input_tokens"] = usage.CacheRead,
                    ["output_tokens"] = 1,
                },
            },
        }, "message_start");
        await stream.SendAsync(new JsonObject { ["type"] = "ping" }, "ping");
        foreach (var (index, part) in answer.Parts.Index())
        {
            await WriteAsync(stream, index, part);
        }

        if (answer.StreamError is var (type, message))
        {
            await stream.SendAsync(ErrorBody(type, message), "error");
            return false;
        }

        var stop = answer.Stop ?? (answer.Parts.Any(part => part is ReplyPart.ToolCall) ? "tool_use" : "end_turn");
        var counted = new JsonObject { ["output_tokens"] = usage.Output };
        if (usage.Reasoning > 0)
        {
            counted["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = usage.Reasoning };
        }

        await stream.SendAsync(new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = stop, ["stop_sequence"] = null },
            ["usage"] = counted,
        }, "message_delta");
        await stream.SendAsync(new JsonObject { ["type"] = "message_stop" }, "message_stop");
        return true;
    }

    private static async Task WriteAsync(EventStream stream, int index, ReplyPart part)
    {
        var (begin, deltas) = part switch
        {
            ReplyPart.Text text => (
                new JsonObject { ["type"] = "text", ["text"] = "" },
                Pieces(text.Content).Select(piece => new JsonObject { ["type"] = "text_delta", ["text"] = piece })),
            ReplyPart.ToolCall call => (
                new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = new JsonObject() },
                Pieces(call.Arguments).Select(piece => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece })),
            ReplyPart.Thinking thinking => (
                new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" },
                Pieces(thinking.Content).Select(piece => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = piece })
                    .Append(new JsonObject { ["type"] = "signature_delta", ["signature"] = thinking.Signature })),
            _ => throw new ArgumentOutOfRangeException(nameof(part)),
        };
        await stream.SendAsync(new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = begin }, "content_block_start");
        foreach (var delta in deltas)
        {
            await stream.SendAsync(new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta }, "content_block_delta");
        }

        await stream.SendAsync(new JsonObject { ["type"] = "content_block_stop", ["index"] = index }, "content_block_stop");
    }

    private static ModelReply.Error? RefuseMessages(List<JsonElement> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var role = messages[i].GetProperty("role").GetString();
            if (role != (i % 2 == 0 ? "user" : "assistant"))
            {
                return Invalid($"messages.{i}: roles must alternate between \"user\" and \"assistant\"");
            }

            if (Blocks(messages[i]).Count == 0)
            {
                return Invalid($"messages.{i}: content must not be empty");
            }

            var asked = i == 0 ? [] : Blocks(messages[i - 1]).Where(block => TypeOf(block) == "tool_use").Select(block => block.GetProperty("id").GetString()).ToHashSet();
            var answered = Blocks(messages[i]).Where(block => TypeOf(block) == "tool_result").Select(block => block.GetProperty("tool_use_id").GetString()).ToHashSet();
            if (!asked.SetEquals(answered))
            {
                return Invalid($"messages.{i}: `tool_use` ids were found without `tool_result` blocks immediately after, or the other way round");
            }

            if (Blocks(messages[i]).Any(block => TypeOf(block) == "tool_use" && block.GetProperty("input").ValueKind != JsonValueKind.Object))
            {
                return Invalid($"messages.{i}: tool_use.input: Input should be a valid dictionary");
            }
        }

        return null;
    }

    private static ModelReply.Error Invalid(string message) => new(400, "invalid_request_error", message);

    private static JsonObject ErrorBody(string type, string message) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = type, ["message"] = message },
        ["request_id"] = "req_011CTest",
    };

    private static IEnumerable<string> Pieces(string text) => text.Chunk(Piece).Select(piece => new string(piece));

    private static List<JsonElement> Blocks(JsonElement message) =>
        message.GetProperty("content") is { ValueKind: JsonValueKind.Array } blocks ? [.. blocks.EnumerateArray()] : [message.GetProperty("content")];

    private static string? TypeOf(JsonElement block) => block.ValueKind == JsonValueKind.Object ? block.GetProperty("type").GetString() : "text";

    private static string TextOf(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()!
        : string.Join("\n\n", content.EnumerateArray().Where(block => TypeOf(block) == "text").Select(block => block.GetProperty("text").GetString()));
}
