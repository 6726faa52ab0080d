using System.Text.Json;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;

namespace AiCd.Agents.Command;

/// <summary>Makes the stage's result of an answer, or says what is wrong with it.</summary>
internal static class CommandAnswerReader
{
    public const string Malformed = "command_malformed";

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <exception cref="StageException">It is no answer, or tells of an error.</exception>
    public static CommandAnswer Read(string text)
    {
        CommandAnswer answer;
        try
        {
            answer = JsonSerializer.Deserialize(text, CommandJson.Default.CommandAnswer) ?? throw Wrong("expected a JSON object, found null");
        }
        catch (JsonException e)
        {
            throw Wrong($"expected one JSON object as docs/command-agent.md has it: {e.Message}", e);
        }

        return answer.Contract != CommandRequest.Version ? throw Wrong($"contract: expected {CommandRequest.Version}, found {answer.Contract}")
            : answer.Error is { } error ? throw Fault(error)
            : answer;
    }

    public static PlanResult Plan(CommandAnswer answer)
    {
        var plan = answer.Plan ?? throw Missing("plan");
        return new PlanResult(Text(plan.Summary, "plan.summary"), Items(plan.Steps, "plan.steps"), plan.Files ?? [], plan.Risks ?? [], plan.TestStrategy ?? "");
    }

    public static CodeResult Code(CommandAnswer answer)
    {
        var code = answer.Code ?? throw Missing("code");
        return new CodeResult(Text(code.CommitMessage, "code.commitMessage"), Text(code.Summary, "code.summary"), code.Changes ?? []);
    }

    public static ReviewResult Review(CommandAnswer answer)
    {
        var review = answer.Review ?? throw Missing("review");
        return review.Verdict == ReviewVerdict.Reject && review.Comments is null or [] && string.IsNullOrWhiteSpace(review.Summary)
            ? throw Wrong("review: expected a summary or comments that say why the change is rejected, found none")
            : new ReviewResult(review.Verdict, Text(review.Summary, "review.summary"), review.Comments ?? []);
    }

    private static StageException Fault(CommandError error)
    {
        var kind = error.Kind switch
        {
            "transient" => FaultKind.Transient,
            "permanent" => FaultKind.Permanent,
            "credentials" => FaultKind.Credentials,
            "provider_down" => FaultKind.ProviderDown,
            _ => throw Wrong($"error.kind: expected transient, permanent, credentials or provider_down, found '{error.Kind}'"),
        };
        TimeSpan? wait = error.RetryAfterSeconds is > 0 and var seconds && seconds < LongestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
        return new StageException(kind, "command_error", Text(error.Message, "error.message"), retryAfter: wait)
        {
            Provider = kind == FaultKind.ProviderDown ? CommandAgent.AgentName : null,
        };
    }

    private static string Text(string text, string field) => string.IsNullOrWhiteSpace(text) ? throw Wrong($"{field}: expected a text, found an empty one") : text;

    private static IReadOnlyList<string> Items(IReadOnlyList<string> items, string field) => items.Count == 0 ? throw Wrong($"{field}: expected at least one, found none") : items;

    private static StageException Missing(string field) => Wrong($"{field}: expected this member or 'error', found neither");

    private static StageException Wrong(string problem, Exception? inner = null) =>
        new(FaultKind.Transient, Malformed, $"The program's answer cannot be used: {problem}", inner);
}
