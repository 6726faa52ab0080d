using System.Text;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Text;

namespace AiCd.Agents.Mock;

/// <summary>What the mock agent would have said and been told, had it talked to a model.</summary>
internal static class MockTranscript
{
    public static string Of(PlanResult plan)
    {
        var text = new StringBuilder(plan.Summary).Append("\n\n");
        foreach (var (index, step) in plan.Steps.Index())
        {
            text.Append(index + 1).Append(". ").Append(step).Append('\n');
        }

        return text.Append('\n').Append(plan.TestStrategy).ToString();
    }

    public static string Of(PlanResult? plan, JobContext job)
    {
        var text = new StringBuilder("Carry out this plan.\n\n").Append(plan is null ? "(no plan)" : Of(plan));
        foreach (var feedback in job.Feedback)
        {
            text.Append("\n\nAnswer this feedback: ").Append(PlainText.Block(feedback.Text, PlainText.MaxParagraph));
            foreach (var comment in feedback.Comments)
            {
                text.Append("\n- ").Append(Located(comment)).Append(": ").Append(PlainText.Line(comment.Text, PlainText.MaxParagraph));
            }
        }

        return text.ToString();
    }

    public static string Of(ReviewResult review)
    {
        var text = new StringBuilder(review.Summary);
        foreach (var comment in review.Comments)
        {
            text.Append("\n- ").Append(Located(comment)).Append(": ").Append(comment.Text);
        }

        return text.ToString();
    }

    public static string Located(ReviewComment comment) => (comment.Path, comment.Line) switch
    {
        (null, _) => "The change",
        ({ } path, null) => PlainText.Line(path, PlainText.MaxTitle),
        ({ } path, { } line) => $"{PlainText.Line(path, PlainText.MaxTitle)}:{line}",
    };
}
