using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Web.Json;

namespace AiCd.Web.Notifications;

/// <summary>What a hook is told of an event: who it is about and how it stands, and nothing of what was said in the work on it.</summary>
internal static class NotificationBody
{
    private const int MaxMessage = 1_000;

    public static byte[] Of(HookOptions hook, string id, in JournalRow row, Job after) => JsonSerializer.SerializeToUtf8Bytes(
        hook.Format == HookOptions.Slack ? new SlackMessage(SlackText(row.Event, after)) : (object)Message(id, row, after), WebJson.Options);

    private static NotificationMessage Message(string id, in JournalRow row, Job after) => new(
        id,
        row.Event,
        row.Seq,
        row.RecordedAt,
        row.Tenant,
        after.State,
        new NotifiedJob(
            after.Id.Value,
            after.Submission.Title,
            after.Submission.Repository,
            after.Submission.BaseBranch,
            after.Submission.Branch,
            after.Submission.Agent,
            after.Submission.Url),
        after.PullRequest is { } pull ? new NotifiedPullRequest(pull.Number, pull.Url) : null,
        after.Failure is { } failure ? new NotifiedFailure(failure.Code, Cut(failure.Message)) : null);

    /// <summary>Slack reads three characters of a text as its own.</summary>
    private static string SlackText(string e, Job job)
    {
        var what = e switch
        {
            "PLAN_PROPOSED" => "A plan waits for approval",
            "BUDGET_EXHAUSTED" => "The budget is used up",
            "PR_OPENED" => "The pull request is open",
            "MARK_COMPLETED" => "Completed",
            "MARK_CANCELLED" => "Cancelled",
            _ when job.Failure is not null => "Failed",
            _ => e,
        };
        var title = Escape(job.Submission.Title);
        var name = job.Submission.Url is { Length: > 0 } url ? Link(url, title) : title;
        var pull = job.PullRequest is { } opened ? $" \u2013 {Link(opened.Url, $"pull request {opened.Number}")}" : "";
        var failure = job.Failure is { } failed ? $"\n>{Escape(Cut(failed.Message)).ReplaceLineEndings(" ")}" : "";
        return $"*{what}*: {name} (job `{job.Id}`, {Escape(job.Submission.Repository)}){pull}{failure}";
    }

    private static string Link(string url, string text) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? $"<{Escape(address.AbsoluteUri).Replace("|", "%7C", StringComparison.Ordinal)}|{text}>"
        : text;

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Cut(string text) => text.Length > MaxMessage ? text[..MaxMessage] + "\u2026" : text;
}

/// <summary>The format <c>json</c>.</summary>
/// <param name="Id">The same however often it is sent.</param>
internal sealed record NotificationMessage(
    string Id,
    string Event,
    int Seq,
    DateTimeOffset At,
    string Tenant,
    JobState State,
    NotifiedJob Job,
    NotifiedPullRequest? PullRequest,
    NotifiedFailure? Failure);

internal sealed record NotifiedJob(string Id, string Title, string Repository, string BaseBranch, string Branch, string Agent, string? Url);

internal sealed record NotifiedPullRequest(int Number, string Url);

internal sealed record NotifiedFailure(string Code, string Message);

internal sealed record SlackMessage(string Text);
