using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Stages;

/// <summary>The body of a pull request: what was asked, planned, done and found in review.</summary>
internal static class PullRequestText
{
    public static string Body(Job job, CommittedChange change, PlanResult plan)
    {
        var body = new StringBuilder();
        body.Append(job.Code!.Summary).Append("\n\n");
        Section(body, "Plan", plan.Summary);
        List(body, plan.Steps);
        Section(body, "Tests", plan.TestStrategy);
        if (plan.Risks.Count > 0)
        {
            Section(body, "Risks", "");
            List(body, plan.Risks);
        }

        Section(body, "Review", $"Approved in round {job.RejectedRounds + 1}: {job.Review!.Summary}");
        body.Append($"{change.FilesChanged} files changed, {change.Insertions} insertions, {change.Deletions} deletions; ")
            .Append($"reviewed tree `{change.TreeSha}` on base `{change.BaseSha}`.\n\n");
        if (job.Submission.Url is { } url)
        {
            body.Append("Issue: ").Append(url).Append('\n');
        }

        return body.Append($"Job: `{job.Id}` (`aicd jobs show {job.Id}`)\n").ToString();
    }

    private static void Section(StringBuilder body, string heading, string text)
    {
        body.Append("## ").Append(heading).Append("\n\n");
        if (text.Length > 0)
        {
            body.Append(text).Append("\n\n");
        }
    }

    private static void List(StringBuilder body, IReadOnlyList<string> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            body.Append(i + 1).Append(". ").Append(items[i]).Append('\n');
        }

        body.Append('\n');
    }
}
