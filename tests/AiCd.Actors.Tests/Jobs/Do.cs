using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Tests.Jobs;

/// <summary>Commands with the values that a test does not care about filled in.</summary>
internal static class Do
{
    public const int MaxAttempts = 3;
    public const int MaxInterruptions = 2;
    public const int MaxReviewRounds = 3;
    public const string Incarnation = "node-1/5";
    public const string PlanHash = "beef";
    public const string Tree = "tree-1";

    public static readonly DateTimeOffset T0 = new(2030, 1, 1, 8, 0, 0, TimeSpan.Zero);

    public static ArtifactRef Artifact(string kind, string sha = "cafe", string? inline = null) => new(kind, sha, 12, "text/markdown", inline);

    public static CommittedChange Change(string tree = Tree) => new("commit-of-" + tree, tree, "base", "feat: greet", 2, 10, 3);

    public static PullRequestRef PullRequest(int number = 7) => new(number, $"https://forge/pull/{number}", "aicd/job-greet", "commit-of-tree-1");

    public static JobCommand.Submit Submit(bool approval = false, DateTimeOffset? notBefore = null) => new(new Submission(
        "default", "file:///repo", "main", "aicd/job-greet", "Greet", Artifact(ArtifactKinds.Issue), "mock",
        RequirePlanApproval: approval, NotBefore: notBefore))
    { At = T0 };

    public static JobCommand.StartAttempt Start(Stage stage, string attempt, string? gone = null) =>
        new(stage, attempt, Incarnation, gone, MaxInterruptions) { At = T0.AddSeconds(1) };

    public static JobCommand.CompletePlanning PlanDone(string attempt, string hash = PlanHash, string? baseSha = null) =>
        new(attempt, "The plan", [Artifact(ArtifactKinds.Transcript), Artifact(ArtifactKinds.Plan, hash)], baseSha) { At = T0.AddSeconds(2) };

    public static JobCommand.ApprovePlan ApprovePlan(string hash = PlanHash, string? by = "ann", string? baseSha = null, string? issue = null) =>
        new(hash, by, baseSha, issue) { At = T0.AddSeconds(3) };

    public static JobCommand.TurnDownPlan TurnDown(string feedback = "Smaller, please") => new(feedback, "ann") { At = T0.AddSeconds(3) };

    public static JobCommand.CompleteCoding CodeDone(string attempt, string tree = Tree) =>
        new(attempt, "Greets", Change(tree), [Artifact(ArtifactKinds.Diff)]) { At = T0.AddSeconds(4) };

    public static JobCommand.ApproveReview Approve(string attempt, string tree = Tree) =>
        new(attempt, tree, "Good", [Artifact(ArtifactKinds.Review)]) { At = T0.AddSeconds(5) };

    public static JobCommand.RejectReview Reject(string attempt, string why = "Not good", string review = "cafe", int rounds = MaxReviewRounds) =>
        new(attempt, why, [Artifact(ArtifactKinds.Checks), Artifact(ArtifactKinds.Review, review)], rounds) { At = T0.AddSeconds(5) };

    public static JobCommand.IntendEffect Intend(string attempt, string effect = "push") => new(attempt, effect, "aicd/job-greet") { At = T0.AddSeconds(6) };

    public static JobCommand.CompleteEffect EffectDone(string attempt, string effect = "push") => new(attempt, effect, "pushed") { At = T0.AddSeconds(7) };

    public static JobCommand.RecordPullRequest PullRequestOpened(string attempt, bool completes = true, int number = 7) =>
        new(attempt, PullRequest(number), completes) { At = T0.AddSeconds(8) };

    public static JobCommand.Complete Complete() => new() { At = T0.AddSeconds(9) };

    public static JobCommand.FailAttempt Fail(string attempt, bool retry = true) =>
        new(attempt, "agent_failed", "It broke", retry ? T0.AddMinutes(1) : null, MaxAttempts) { At = T0.AddSeconds(10) };

    public static JobCommand.InterruptAttempt Interrupt(string attempt, bool counted = true) => new(attempt, "Node lost", counted) { At = T0.AddSeconds(11) };

    public static JobCommand.AddFeedback Say(string text = "Mind the tone") => new(text, "bob") { At = T0.AddSeconds(12) };

    public static JobCommand.ChangePriority Prioritize(int priority = 9) => new(priority, "ann") { At = T0.AddSeconds(12) };

    public static JobCommand.EditIssue EditIssue(string title = "Greet all", string sha = "f00d") =>
        new(title, Artifact(ArtifactKinds.Issue, sha), "ann") { At = T0.AddSeconds(12) };

    /// <summary>A job that goes on from another one's plan.</summary>
    public static JobCommand.Submit Retry(params JobEvent[] inherited)
    {
        inherited = inherited.Length > 0
            ? inherited
            : [new JobEvent.StartPlanning("p1", Incarnation), new JobEvent.PlanSucceeded("p1", "The plan", [Artifact(ArtifactKinds.Plan, PlanHash)], null, "base")];
        var submit = Submit();
        var link = new JobLink(JobId.Create(T0, 1, 7), JobLinkKind.Retry, 9, inherited.Length);
        return submit with { Submission = submit.Submission with { Parent = link }, Inherited = inherited };
    }

    /// <param name="call">The call that the turn cost, or null where it cost none.</param>
    public static JobCommand.RecordTurn Turn(string attempt, string? call = null) => new(
        attempt, "response", new ArtifactRef(ArtifactKinds.Turn, "beef", 2, "application/json", "{}"), null, call is null ? null : Use(7, call))
    { At = T0.AddSeconds(12) };

    public static JobCommand.SettleUsage Use(long tokens = 10, string? call = null) => new(call ?? $"call-{tokens}", Stage.Coding, "model", new Usage(tokens, 2, 3, 4, 5)) { At = T0.AddSeconds(13) };

    public static JobCommand.HoldForBudget Hold(string attempt) => new(attempt, "10 USD are spent") { At = T0.AddSeconds(14) };

    public static JobCommand.RaiseBudget Raise() => new("ann") { At = T0.AddSeconds(15) };

    public static JobCommand.Cancel Cancel() => new("No longer wanted", "ann") { At = T0.AddSeconds(16) };
}
