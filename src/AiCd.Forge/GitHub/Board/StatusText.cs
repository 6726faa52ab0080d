using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AiCd.Actors.Jobs;

namespace AiCd.Forge.GitHub.Board;

/// <summary>
/// A job's status as a comment on its issue: a reader of the issue alone can follow the job and steer it. Pure. A hidden mark tells the
/// comment from others, and which state of which job it shows.
/// </summary>
internal static partial class StatusText
{
    private const int MaxQuote = 2_000;

    public static string Of(Job job)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<!-- aicd:status job={job.Id} seq={job.Seq} -->\n");
        text.Append("**AiCd** ").Append(Headline(job)).Append("\n\n");
        Step(text, "Plan", Past(job, JobState.Planning), job.State is JobState.Queued or JobState.Planning, (job.ProposedPlan ?? job.Plan)?.Summary);
        Step(text, Round("Code", job), Past(job, JobState.Coding), job.State == JobState.Coding, job.Code?.Summary);
        Step(text, Round("Review and checks", job), Past(job, JobState.Reviewing), job.State == JobState.Reviewing,
            job.Review?.Summary ?? job.Feedback.LastOrDefault(said => said.Round > 0)?.Text);
        Step(text, "Pull request", job.PullRequest is not null, job.State == JobState.PrOpen, job.PullRequest is { } pull ? $"#{pull.Number}" : null);
        if (job.Failure is { } failure)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nIn {WireNames.Of(failure.Stage)} (`{failure.Code}`):\n\n").Append(Quote(failure.Message)).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"\n<sub>Job `{job.Id}` · {WireNames.Of(job.State)} · branch `{job.Submission.Branch}`{Steering(job)}</sub>\n");
        return text.ToString();
    }

    /// <returns>The job and the state of it that a comment shows, or null where it is no status.</returns>
    public static (string Job, int Seq)? Read(string? comment) =>
        comment is not null && Mark().Match(comment) is { Success: true } mark && int.TryParse(mark.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? (mark.Groups[1].Value, seq)
            : null;

    /// <summary>What people see of it: two texts that differ in nothing else need not follow each other.</summary>
    public static string WithoutMark(string text) => Mark().Replace(text, "");

    private static string Headline(Job job) => job.State switch
    {
        JobState.Queued => "will work on this.",
        JobState.Planning when job.ProposedPlan is not null => "has a plan, which waits for approval.",
        JobState.Planning => "plans.",
        JobState.Coding => "writes the change.",
        JobState.Reviewing => "reviews the change.",
        JobState.PrOpen when job.PullRequest is { } pull => $"opened #{pull.Number}.",
        JobState.PrOpen => "opens a pull request.",
        JobState.Completed when job.PullRequest is { } pull => $"is done: #{pull.Number}.",
        JobState.Completed => "is done.",
        JobState.Cancelled => "stopped: the job was cancelled.",
        JobState.Failed => "could not finish.",
        _ => WireNames.Of(job.State),
    };

    private static void Step(StringBuilder text, string name, bool done, bool now, string? summary)
    {
        text.Append("- [").Append(done ? 'x' : ' ').Append("] ").Append(now && !done ? $"**{name}**" : name).Append('\n');
        if (summary is { Length: > 0 })
        {
            foreach (var line in Cut(summary).Split('\n'))
            {
                text.Append("  > ").Append(Harmless(line)).Append('\n');
            }
        }
    }

    private static bool Past(Job job, JobState state) => state switch
    {
        JobState.Planning => job.Plan is not null,
        JobState.Coding => job.Code is not null && job.State != JobState.Coding,
        _ => job.Review is not null,
    };

    private static string Round(string name, Job job) =>
        job.RejectedRounds == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} (round {job.RejectedRounds + 1})");

    private static string Steering(Job job) => job switch
    {
        { State: JobState.Failed or JobState.Cancelled } => " · comment `/aicd retry` to try again",
        { ProposedPlan: not null } => " · comment `/aicd approve`, `/aicd reject <why>` or `/aicd cancel`",
        { State: JobState.Completed } => "",
        _ => " · comment `/aicd cancel` to stop it",
    };

    private static string Quote(string text) => string.Concat(Cut(text).Split('\n').Select(line => $"> {Harmless(line)}\n"));

    private static string Cut(string text)
    {
        var whole = text.Trim().ReplaceLineEndings("\n");
        return whole.Length <= MaxQuote ? whole : whole[..(char.IsHighSurrogate(whole[MaxQuote - 1]) ? MaxQuote - 1 : MaxQuote)] + "…";
    }

    /// <summary>Text of a model or a stranger: it mentions nobody, and holds no mark and no markup of ours.</summary>
    private static string Harmless(string line) => line
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("@", "@\u200b", StringComparison.Ordinal);

    [GeneratedRegex(@"^<!-- aicd:status job=([0-9a-z]+) seq=([0-9]+) -->")]
    private static partial Regex Mark();
}
