using System.Text.Json.Serialization;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Agents.Command;

/// <summary>What the program writes to standard output: one JSON object with the member of its stage, or an error.</summary>
internal sealed record CommandAnswer(
    int Contract, CommandPlan? Plan = null, CommandCode? Code = null, CommandReview? Review = null, CommandError? Error = null);

internal sealed record CommandPlan(
    string Summary, IReadOnlyList<string> Steps, IReadOnlyList<string>? Files = null, IReadOnlyList<string>? Risks = null, string? TestStrategy = null);

/// <param name="Changes">Files for AiCd to write besides what the program changed in the worktree itself.</param>
internal sealed record CommandCode(string CommitMessage, string Summary, IReadOnlyList<FileChange>? Changes = null);

internal sealed record CommandReview(ReviewVerdict Verdict, string Summary, IReadOnlyList<ReviewComment>? Comments = null);

/// <param name="Kind">transient, permanent, credentials or provider_down.</param>
internal sealed record CommandError(string Kind, string Message, double? RetryAfterSeconds = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 32)]
[JsonSerializable(typeof(CommandRequest))]
[JsonSerializable(typeof(CommandAnswer))]
internal sealed partial class CommandJson : JsonSerializerContext;
