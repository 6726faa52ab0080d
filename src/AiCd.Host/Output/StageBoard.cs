using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;

namespace AiCd.Host.Output;

/// <summary>How far each stage of a job has come, for a display that is drawn again and again.</summary>
internal sealed class StageBoard
{
    private static readonly Stage[] Stages = Enum.GetValues<Stage>();

    private readonly Dictionary<Stage, StageRow> _rows = Stages.ToDictionary(stage => stage, StageRow.Waiting);

    public IReadOnlyList<StageRow> Rows => [.. Stages.Select(stage => _rows[stage])];

    public void Add(JobRecorded recorded, Job job)
    {
        var at = recorded.Event.At;
        switch (recorded.Event)
        {
            case JobEvent.StartPlanning or JobEvent.StartCoding or JobEvent.StartReviewing or JobEvent.AttemptStarted
                when OwedWork.StageOf(job.State) is { } stage:
                Update(stage, row => row.Begin(at, job.Entry.Running?.Number ?? 1, job.RejectedRounds + 1));
                break;
            case JobEvent.PlanSucceeded plan:
                Update(Stage.Planning, row => row.End(StageStatus.Done, at, plan.Summary));
                break;
            case JobEvent.CodeSucceeded code:
                Update(Stage.Coding, row => row.End(StageStatus.Done, at, DiffStat.Totals(code.Change)));
                break;
            case JobEvent.ReviewApproved review:
                Update(Stage.Reviewing, row => row.End(StageStatus.Done, at, review.Summary));
                break;
            case JobEvent.ReviewRejected review:
                Update(Stage.Reviewing, row => row.End(StageStatus.Rejected, at, review.Summary));
                break;
            case JobEvent.PrOpened opened:
                Update(Stage.PrOpen, row => row.End(StageStatus.Done, at, opened.PullRequest.Url));
                break;
            case JobEvent.AttemptFailed failed:
                Update(failed.Stage, row => row.End(StageStatus.Failed, at, failed.Message));
                break;
            case JobEvent.AttemptInterrupted cut:
                Update(cut.Stage, row => row.End(StageStatus.Waiting, at, cut.Reason));
                break;
        }
    }

    public void Add(JobProgressed progressed) => Update(progressed.Stage, row => row with { Text = TerminalText.Line(progressed.Message) });

    private void Update(Stage stage, Func<StageRow, StageRow> change) => _rows[stage] = change(_rows[stage]);
}

internal enum StageStatus
{
    Waiting,
    Running,
    Done,
    Rejected,
    Failed,
}

/// <param name="Spent">In the attempts that have ended.</param>
/// <param name="Since">When the attempt that runs began.</param>
internal sealed record StageRow(Stage Stage, StageStatus Status, int Attempt, int Round, TimeSpan Spent, DateTimeOffset? Since, string Text)
{
    public static StageRow Waiting(Stage stage) => new(stage, StageStatus.Waiting, 0, 1, TimeSpan.Zero, null, "");

    public TimeSpan ElapsedAt(DateTimeOffset now) => Spent + (now - Since ?? TimeSpan.Zero);

    public StageRow Begin(DateTimeOffset at, int attempt, int round) =>
        this with { Status = StageStatus.Running, Attempt = attempt, Round = round, Since = at };

    public StageRow End(StageStatus status, DateTimeOffset at, string text) =>
        this with { Status = status, Spent = ElapsedAt(at), Since = null, Text = TerminalText.Line(text) };
}
