using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Text;

namespace AiCd.Agents.Mock;

/// <summary>The Markdown file that a job leaves in the repository: issue, plan, and how feedback was answered.</summary>
internal static class JobRecord
{
    private const int MaxBodyLength = 20_000;

    public static string Write(JobContext job, PlanResult plan)
    {
        var markdown = new StringBuilder();
        markdown.Append("# ").Append(Markdown.Escape(IssueOutline.TitleOf(job.Issue))).Append("\n\n");
        var body = PlainText.Block(job.Issue.Body, MaxBodyLength);
        markdown.AppendQuote(body.Length > 0 ? body : "The issue has no description.");

        markdown.Append("\n## Plan\n\n").Append(Inline(plan.Summary)).Append("\n\n");
        foreach (var (index, step) in plan.Steps.Index())
        {
            markdown.Append(index + 1).Append(". ").Append(Inline(step)).Append('\n');
        }

        AppendSection(markdown, "Files", plan.Files);
        AppendSection(markdown, "Risks", plan.Risks);
        markdown.Append("\n### Tests\n\n").Append(Inline(plan.TestStrategy)).Append('\n');

        foreach (var feedback in job.Feedback)
        {
            AppendAnswers(markdown, feedback);
        }

        return markdown.Append("\n---\n\nRound ").Append(job.Round).Append(" of job `").Append(job.Id).Append("`.\n").ToString();
    }

    private static void AppendSection(StringBuilder markdown, string heading, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
        {
            markdown.Append("\n### ").Append(heading).Append("\n\n").AppendList(items.Select(Inline));
        }
    }

    private static void AppendAnswers(StringBuilder markdown, ReviewFeedback feedback)
    {
        var from = feedback.Round > 0 ? $"review round {feedback.Round}" : Inline(feedback.By ?? "a person");
        markdown.Append("\n## Answer to ").Append(from).Append("\n\n");
        markdown.AppendQuote(PlainText.Block(feedback.Text, PlainText.MaxParagraph));
        if (feedback.Comments.Count > 0)
        {
            markdown.Append('\n').AppendList(feedback.Comments.Select(Answer));
        }
    }

    private static string Answer(ReviewComment comment)
    {
        var place = MockTranscript.Located(comment);
        return $"{Markdown.Escape(place)} ({WireNames.Of(comment.Severity)}): {Inline(comment.Text)} \u2014 answered: taken into account in this version.";
    }

    private static string Inline(string text) => Markdown.Escape(PlainText.Line(text, PlainText.MaxParagraph));
}
