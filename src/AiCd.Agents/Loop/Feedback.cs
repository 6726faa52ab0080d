using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Prompts;

namespace AiCd.Agents.Loop;

/// <summary>What reviewers and people said, as a model is told it.</summary>
internal static class Feedback
{
    public static string Of(IEnumerable<ReviewFeedback> feedback)
    {
        var text = new StringBuilder("New feedback came in while you worked. Take it into account before you hand in a result, even if you just did.\n");
        foreach (var one in feedback)
        {
            text.Append('\n').Append(Of(one)).Append('\n');
        }

        return text.ToString();
    }

    public static string Of(ReviewFeedback feedback)
    {
        var words = new StringBuilder(feedback.Text);
        foreach (var comment in feedback.Comments)
        {
            words.Append("\n- ").Append(Place(comment)).Append(" (").Append(WireNames.Of(comment.Severity)).Append("): ").Append(comment.Text);
        }

        return Fence.Around(feedback.Round > 0 ? $"review of round {feedback.Round}" : "feedback of a person", words.ToString());
    }

    private static string Place(ReviewComment comment) => (comment.Path, comment.Line) switch
    {
        (null, _) => "the change as a whole",
        ({ } path, null) => path,
        ({ } path, { } line) => $"{path}:{line}",
    };
}
