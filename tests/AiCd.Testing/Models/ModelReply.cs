using System.Text.Json;

namespace AiCd.Testing.Models;

/// <summary>What a model server answers.</summary>
public abstract record ModelReply
{
    private ModelReply()
    {
    }

    public sealed record Answer(params IReadOnlyList<ReplyPart> Parts) : ModelReply
    {
        /// <summary>In the words of the Messages API; null for what follows from the parts.</summary>
        public string? Stop { get; init; }

        public ReplyUsage? Usage { get; init; }

        /// <summary>Breaks the connection after so many events of the stream.</summary>
        public int? BreakAfter { get; init; }

        /// <summary>An error that the stream tells instead of its end.</summary>
        public (string Type, string Message)? StreamError { get; init; }
    }

    /// <param name="Type">In the words of the provider.</param>
    public sealed record Error(int Status, string Type, string Message, TimeSpan? RetryAfter = null) : ModelReply;

    /// <summary>Nothing, until the caller gives up.</summary>
    public sealed record Silence : ModelReply;

    /// <summary>An answer that waits for a signal before it begins.</summary>
    public sealed record Held(Task Signal, ModelReply Then) : ModelReply;

    public static Answer Says(string text) => new(new ReplyPart.Text(text));

    public static Answer Calls(string tool, object arguments, string id) => new(Call(tool, arguments, id));

    public static ReplyPart.ToolCall Call(string tool, object arguments, string id) =>
        new(id, tool, arguments as string ?? JsonSerializer.Serialize(arguments));
}

public abstract record ReplyPart
{
    private ReplyPart()
    {
    }

    public sealed record Text(string Content) : ReplyPart;

    /// <param name="Arguments">JSON, or what a model takes for it.</param>
    public sealed record ToolCall(string Id, string Name, string Arguments) : ReplyPart;

    public sealed record Thinking(string Content, string Signature) : ReplyPart;
}

/// <param name="Input">That was neither read from the cache nor written to it.</param>
public sealed record ReplyUsage(long Input, long CacheRead, long CacheWrite, long Output, long Reasoning)
{
    public long AllInput => Input + CacheRead + CacheWrite;
}
