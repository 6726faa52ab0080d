using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using FsCheck;
using FsCheck.Fluent;

namespace AiCd.Actors.Tests.Jobs.Properties;

/// <summary>A failure prints the shortest life that breaks a rule, and the seed with which FsCheck plays it again.</summary>
public sealed class JobPropertyTests
{
    [Fact]
    public void Whatever_is_tried_with_a_job_its_rules_hold() =>
        Prop.ForAll(Step.Lives, steps => { RandomJob.Live(steps); })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(120).WithQuietOnSuccess(true));

    [Fact]
    public void Whatever_was_tried_before_a_job_that_nothing_fails_any_more_comes_to_its_end() =>
        Prop.ForAll(Step.Lives, steps =>
            {
                var life = RandomJob.Live(steps);
                var tooOften = life.Job?.Entry.Interrupted > Do.MaxInterruptions;
                var ended = life.Job is { } job && job.State.IsTerminal();
                var before = life.Job?.State;
                var end = life.LeaveInPeace().Job!;
                end.State.ShouldBe(ended ? before!.Value : tooOften ? JobState.Failed : JobState.Completed);
                end.IsActive.ShouldBeFalse();
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60).WithQuietOnSuccess(true));

    [Fact]
    public void The_random_lives_reach_every_state_and_every_event()
    {
        var lives = Step.Lives.Generator.Sample(numberOfSamples: 1_500, size: 80).Select(steps => RandomJob.Live(steps)).ToList();

        lives.SelectMany(life => life.States).Distinct().ShouldBe(Enum.GetValues<JobState>(), ignoreOrder: true);
        lives.SelectMany(life => life.History).Select(JobEventCodec.NameOf).Distinct().ShouldBe(JobEventCatalogue.All.Select(type => type.Name), ignoreOrder: true);
        lives.Sum(life => life.Refusals).ShouldBeGreaterThan(lives.Count);
        var failures = lives.Select(life => life.Job?.Failure?.Code).ToList();
        failures.Count(code => code == FailureCodes.ReviewRoundsExhausted).ShouldBeGreaterThan(10);
        failures.Count(code => code == FailureCodes.InterruptedTooOften).ShouldBeGreaterThan(5);
    }
}
