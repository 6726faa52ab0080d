using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Tests.Jobs;
using AiCd.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiCd.Actors.Tests.Runtime;

public sealed class DeadlinesTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<JobId> _cancelled = [];
    private readonly Deadlines _deadlines;
    private Exception? _failure;

    public DeadlinesTests() => _deadlines = new Deadlines(
        (job, command) =>
        {
            command.ShouldBeOfType<JobCommand.Cancel>();
            _cancelled.Add(job);
            return _failure is null ? Task.CompletedTask : Task.FromException(_failure);
        },
        _time,
        NullLogger.Instance);

    public void Dispose() => _deadlines.Dispose();

    [Fact]
    public void Jobs_are_cancelled_at_their_deadlines_once()
    {
        var (late, soon) = (Job(1, minutes: 5), Job(2, minutes: 1));
        _deadlines.Watch(late);
        _deadlines.Watch(soon);
        _deadlines.Watch(soon);

        _time.Advance(TimeSpan.FromMinutes(1));
        _cancelled.ShouldBe([soon.Id]);
        _time.Advance(TimeSpan.FromMinutes(10));
        _cancelled.ShouldBe([soon.Id, late.Id]);
        _deadlines.Count.ShouldBe(0);
    }

    [Fact]
    public void A_job_that_ended_or_left_the_node_is_forgotten()
    {
        var (ended, moved, stays) = (Job(1, minutes: 1), Job(2, minutes: 1, shard: 5), Job(3, minutes: 1));
        foreach (var job in new[] { ended, moved, stays })
        {
            _deadlines.Watch(job);
        }

        _deadlines.Watch(ended with { State = JobState.Completed });
        _deadlines.Forget(new HashSet<int> { 5 });
        _deadlines.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(2));

        _cancelled.ShouldBe([stays.Id]);
    }

    [Fact]
    public void A_cancellation_that_fails_is_tried_again_and_one_for_a_lost_shard_is_the_new_owners()
    {
        var job = Job(1, minutes: 1);
        _deadlines.Watch(job);
        _failure = new JournalException("away", isTransient: true);
        _time.Advance(TimeSpan.FromMinutes(1));
        _time.Advance(Deadlines.Again);
        _failure = new ShardLostException(3);
        _time.Advance(Deadlines.Again);
        _time.Advance(Deadlines.Again);

        _cancelled.ShouldBe([job.Id, job.Id, job.Id]);
        _deadlines.Count.ShouldBe(0);
    }

    [Fact]
    public void A_deadline_beyond_what_timers_take_is_kept_too()
    {
        var job = Job(1, minutes: 60 * 24 * 100);
        _deadlines.Watch(job);

        _time.Advance(TimeSpan.FromDays(99));
        _cancelled.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromDays(1));

        _cancelled.ShouldBe([job.Id]);
    }

    private Job Job(int number, int minutes, int shard = 3)
    {
        var job = JobStory.Queued().Job;
        return job with
        {
            Id = JobId.Create(_time.GetUtcNow(), shard, (uint)number),
            Submission = job.Submission with { Deadline = _time.GetUtcNow().AddMinutes(minutes) },
        };
    }
}
