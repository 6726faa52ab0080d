using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Agents.Loop;
using AiCd.Agents.Models;
using AiCd.Agents.Tools;

namespace AiCd.Agents.Stages;

internal sealed class PlanSubmission : Submission<PlanResult>
{
    public override ToolDefinition Tool { get; } = ToolSchema.Define(
        ToolName,
        "Hands in the plan. Call it once, when you know what is to be done.",
        """
        {
          "type": "object",
          "properties": {
            "summary": { "type": "string" },
            "steps": { "type": "array", "items": { "type": "string" }, "minItems": 1 },
            "files": { "type": "array", "items": { "type": "string" } },
            "risks": { "type": "array", "items": { "type": "string" } },
            "test_strategy": { "type": "string" }
          },
          "required": ["summary", "steps", "files", "risks", "test_strategy"]
        }
        """);

    public override (PlanResult? Result, IReadOnlyList<string> Problems) Read(JsonElement arguments)
    {
        var fields = new Fields(arguments);
        var plan = new PlanResult(
            fields.Text("summary"), fields.Texts("steps", 1), fields.Texts("files", 0), fields.Texts("risks", 0), fields.Text("test_strategy"));
        return (plan, fields.Problems);
    }
}

internal sealed class CodeSubmission : Submission<CodeResult>
{
    private const int MaxSubject = 100;

    public override ToolDefinition Tool { get; } = ToolSchema.Define(
        ToolName,
        "Hands in the change as it stands in the files. Call it once, alone, when the work is done and tested.",
        """
        {
          "type": "object",
          "properties": {
            "summary": { "type": "string", "description": "What was changed and why, how it was tested, what was left open" },
            "commit_message": { "type": "string", "description": "Subject line; then, if needed, a blank line and a body" }
          },
          "required": ["summary", "commit_message"]
        }
        """);

    public override (CodeResult? Result, IReadOnlyList<string> Problems) Read(JsonElement arguments)
    {
        var fields = new Fields(arguments);
        var result = new CodeResult(fields.Text("commit_message", 5_000), fields.Text("summary"), []);
        if (result.CommitMessage.Split('\n')[0] is { Length: > MaxSubject } subject)
        {
            fields.Problem($"commit_message: expected a first line of at most {MaxSubject} characters, got {subject.Length}");
        }

        return (result, fields.Problems);
    }
}

internal sealed class ReviewSubmission : Submission<ReviewResult>
{
    public override ToolDefinition Tool { get; } = ToolSchema.Define(
        ToolName,
        "Hands in the review. Call it once, when you have made up your mind.",
        """
        {
          "type": "object",
          "properties": {
            "verdict": { "type": "string", "enum": ["APPROVE", "REJECT"] },
            "summary": { "type": "string" },
            "comments": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "path": { "type": "string" },
                  "line": { "type": "integer" },
                  "severity": { "type": "string", "enum": ["INFO", "MINOR", "MAJOR", "BLOCKER"] },
                  "text": { "type": "string" }
                },
                "required": ["severity", "text"]
              }
            }
          },
          "required": ["verdict", "summary", "comments"]
        }
        """);

    public override (ReviewResult? Result, IReadOnlyList<string> Problems) Read(JsonElement arguments)
    {
        var fields = new Fields(arguments);
        var verdict = Named<ReviewVerdict>(fields, "verdict", "");
        var summary = fields.Text("summary");
        var comments = new List<ReviewComment>();
        foreach (var (index, item) in fields.Items("comments").Index())
        {
            var comment = new Fields(item, $"comments[{index}].");
            comments.Add(new ReviewComment(
                comment.OptionalText("path", 1_000) is { Length: > 0 } path ? path : null,
                comment.OptionalLine("line"),
                Named<CommentSeverity>(comment, "severity", $"comments[{index}]."),
                comment.Text("text")));
            fields.Include(comment);
        }

        var grave = comments.Any(comment => comment.Severity >= CommentSeverity.Major);
        if (fields.Problems.Count == 0 && grave == (verdict == ReviewVerdict.Approve))
        {
            fields.Problem(grave
                ? "verdict: expected REJECT where a comment is MAJOR or BLOCKER, got APPROVE"
                : "comments: expected at least one MAJOR or BLOCKER with a REJECT, got none");
        }

        return (new ReviewResult(verdict, summary, comments), fields.Problems);
    }

    private static TEnum Named<TEnum>(Fields fields, string field, string prefix)
        where TEnum : struct, Enum
    {
        var text = fields.OptionalText(field);
        if (!WireNames.TryParse<TEnum>(text?.ToUpperInvariant(), out var value))
        {
            fields.Problem($"{prefix}{field}: expected one of {string.Join(", ", WireNames.All<TEnum>())}, got {(text is null ? "nothing" : $"'{text}'")}");
        }

        return value;
    }
}
