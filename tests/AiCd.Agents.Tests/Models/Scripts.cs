using AiCd.Testing.Models;

namespace AiCd.Agents.Tests.Models;

/// <summary>Answers that tests need again and again.</summary>
internal static class Scripts
{
    public static readonly object Plan = new
    {
        summary = "Mend sum",
        steps = new[] { "Mend it" },
        files = new[] { "sum.txt" },
        risks = Array.Empty<string>(),
        test_strategy = "Run it",
    };

    public static readonly object Code = new { summary = "Mended", commit_message = "Mend sum" };

    public static ModelReply.Answer SubmitPlan(string id = "s1") => ModelReply.Calls("submit", Plan, id);

    public static ModelReply.Answer SubmitCode(string id = "s1") => ModelReply.Calls("submit", Code, id);

    public static ModelReply.Answer Bash(string command, string id = "b1") => ModelReply.Calls("bash", new { command }, id);

    public static ModelReply.Answer View(string path, string id = "v1") => ModelReply.Calls("view", new { path }, id);
}
