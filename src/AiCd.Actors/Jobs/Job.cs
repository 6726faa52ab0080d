using System.Text.Json.Serialization;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Jobs;

/// <summary>A job as its events left it. Immutable; <see cref="JobEvolver"/> alone makes the next one.</summary>
public sealed record Job
{
    public required JobId Id { get; init; }

    public required Submission Submission { get; init; }

    public JobState State { get; init; }

    /// <summary>Sequence number of the last event, from 1 and without gaps.</summary>
    public int Seq { get; init; }

    /// <summary>Higher runs first; as submitted, or as changed since.</summary>
    public int Priority { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the job came to its end; late facts move only <see cref="UpdatedAt"/>.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The attempts of the stage that the job is in; begins anew with every entry into a stage.</summary>
    public StageEntry Entry { get; init; } = StageEntry.Fresh;

    /// <summary>How many reviews have rejected the change so far.</summary>
    public int RejectedRounds { get; init; }

    /// <summary>How many of them happened to the job that this one goes on from: they do not count against its own rounds.</summary>
    public int InheritedRounds { get; init; }

    /// <summary>How long the attempts that brought the job forward took.</summary>
    public StageTimes Times { get; init; } = StageTimes.None;

    public PlanOutcome? Plan { get; init; }

    /// <summary>Set while a plan waits for a person's approval.</summary>
    public PlanOutcome? ProposedPlan { get; init; }

    /// <summary>When the last plan was proposed: nobody has read it before.</summary>
    public DateTimeOffset? ProposedAt { get; init; }

    public CodeOutcome? Code { get; init; }

    public ReviewOutcome? Review { get; init; }

    /// <summary>What people and reviewers said, in order; every later attempt sees all of it.</summary>
    public IReadOnlyList<Feedback> Feedback { get; init; } = [];

    /// <summary>Effects on the outside, in the order of their intents.</summary>
    public IReadOnlyList<Effect> Effects { get; init; } = [];

    public PullRequestRef? PullRequest { get; init; }

    public JobFailure? Failure { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>The last calls that were settled: one that is settled again, because a crash hid the answer, counts once.</summary>
    public IReadOnlyList<string> LastCalls { get; init; } = [];

    /// <summary>Why the job waits for money, or null.</summary>
    public string? BudgetHold { get; init; }

    /// <summary>What people did elsewhere that changed the job, each of which changes it once; see <see cref="JobCommand.Act"/>.</summary>
    public IReadOnlyList<string> Acts { get; init; } = [];

    /// <summary>True while recovery must bring the job back.</summary>
    [JsonIgnore]
    public bool IsActive => !State.IsTerminal() || OwedWork.Of(this) is not null;
}

/// <summary>The attempts of one entry into a stage.</summary>
/// <param name="Failed">Attempts that failed; bounded by the stage's number of attempts.</param>
/// <param name="Interrupted">Attempts that a lost node cut short; bounded apart.</param>
/// <param name="Started">Attempts opened so far. The first is opened by START_..., later ones by ATTEMPT_STARTED.</param>
/// <param name="RetryAt">When the next attempt is due.</param>
public sealed record StageEntry(int Started, int Failed, int Interrupted, Attempt? Running = null, DateTimeOffset? RetryAt = null)
{
    public static StageEntry Fresh { get; } = new(0, 0, 0);

    /// <summary>What agents recorded in this entry, over all its attempts: a later attempt may go on from there.</summary>
    public IReadOnlyList<ArtifactRef> Turns { get; init; } = [];

    /// <summary>The attempt that recorded the last turn, whose worktree belongs to it.</summary>
    public string? TurnsOf { get; init; }
}

/// <summary>An attempt that is under way on a node's incarnation.</summary>
/// <param name="Number">From 1 within the stage entry, interrupted attempts included.</param>
public sealed record Attempt(string Id, int Number, string Incarnation, DateTimeOffset StartedAt);

/// <param name="BaseSha">The commit of the base branch that the plan was made upon, where that was recorded.</param>
/// <param name="IssueSha256">The issue's text for which a person approved it; null where nobody had to.</param>
public sealed record PlanOutcome(string Summary, IReadOnlyList<ArtifactRef> Artifacts, string? BaseSha = null, string? IssueSha256 = null);

/// <summary>Milliseconds of work by stage, of this job alone.</summary>
public sealed record StageTimes(long Planning, long Coding, long Reviewing, long PrOpen)
{
    public static StageTimes None { get; } = new(0, 0, 0, 0);

    internal StageTimes Plus(Stage stage, TimeSpan time)
    {
        var milliseconds = Math.Max(1, (long)time.TotalMilliseconds);
        return stage switch
        {
            Stage.Planning => this with { Planning = Planning + milliseconds },
            Stage.Coding => this with { Coding = Coding + milliseconds },
            Stage.Reviewing => this with { Reviewing = Reviewing + milliseconds },
            _ => this with { PrOpen = PrOpen + milliseconds },
        };
    }
}

public sealed record CodeOutcome(string Summary, CommittedChange Change, IReadOnlyList<ArtifactRef> Artifacts);

/// <param name="TreeSha">The tree that was approved.</param>
public sealed record ReviewOutcome(string Summary, string TreeSha, IReadOnlyList<ArtifactRef> Artifacts);

/// <param name="Round">The review round that rejected, from 1; 0 for what a person said.</param>
/// <param name="Review">The rejecting review with its comments.</param>
public sealed record Feedback(int Round, string Text, string? By = null, ArtifactRef? Review = null);

/// <param name="Outcome">Null while it is only intended.</param>
public sealed record Effect(string Kind, string Target, string? Outcome = null);
