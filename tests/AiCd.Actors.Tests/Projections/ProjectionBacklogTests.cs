using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime.Writing;
using AiCd.Actors.Tests.Jobs;

namespace AiCd.Actors.Tests.Projections;

public sealed class ProjectionBacklogTests
{
    private readonly ProjectionBacklog _backlog = new();

    [Fact]
    public void A_job_that_moved_on_is_projected_once_as_it_is_now()
    {
        Commit(shard: 1, head: 0, Job(1, seq: 1));
        Commit(shard: 1, head: 1, Job(1, seq: 2));
        Commit(shard: 1, head: 2, Job(1, seq: 3));
        _backlog.Count.ShouldBe(1);

        var projection = _backlog.Take(100, _ => 0).ShouldHaveSingleItem();

        (projection.Shard, projection.From, projection.To).ShouldBe((1, 0, 3));
        projection.Jobs.ShouldHaveSingleItem().Seq.ShouldBe(3);
        (_backlog.IsEmpty, _backlog.Count).ShouldBe((true, 0));
    }

    [Fact]
    public void Whole_shards_are_taken_and_the_longest_waiting_first()
    {
        Commit(shard: 7, head: 0, Job(7, seq: 1), Job(7, seq: 1));
        Commit(shard: 2, head: 0, Job(2, seq: 1));
        Commit(shard: 5, head: 0, Job(5, seq: 1));
        Commit(shard: 7, head: 2, Job(7, seq: 1));

        _backlog.Take(2, _ => 0).Select(projection => (projection.Shard, projection.To, projection.Jobs.Count)).ShouldBe([(7, 3, 3)]);
        Commit(shard: 7, head: 3, Job(7, seq: 1));

        _backlog.Take(3, _ => 0).Select(projection => projection.Shard).ShouldBe([2, 5, 7]);
    }

    [Fact]
    public void What_lies_before_the_cursor_is_not_projected_again()
    {
        Commit(shard: 1, head: 0, Job(1, seq: 1));
        Commit(shard: 2, head: 4, Job(2, seq: 1));

        var projection = _backlog.Take(100, shard => shard == 1 ? 1 : 3).ShouldHaveSingleItem();

        (projection.Shard, projection.From, projection.To).ShouldBe((2, 3, 5));
        _backlog.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void The_words_of_a_job_are_worked_out_where_it_is_new_or_its_issue_changed_and_not_where_it_moved_on()
    {
        var (known, made, edited) = (Job(1, seq: 1), Job(1, seq: 1), Job(1, seq: 1));
        Commit(shard: 1, head: 0, known, edited);
        _backlog.Take(100, _ => 0).ShouldHaveSingleItem().FoundAsBefore.ShouldBeEmpty();

        Commit(shard: 1, head: 2, known with { Seq = 2 }, made, edited with { Seq = 2 });
        Commit(shard: 1, head: 5, changesWords: true, edited with { Seq = 3 });
        Commit(shard: 1, head: 6, made with { Seq = 2 }, edited with { Seq = 4 });

        var projection = _backlog.Take(100, _ => 2).ShouldHaveSingleItem();
        projection.FoundAsBefore.ShouldBe([known.Id]);
        projection.Jobs.Where(projection.IsFoundAnew).Select(view => view.Id).ShouldBe([made.Id, edited.Id], ignoreOrder: true);
    }

    private static int _jobs;

    private static Job Job(int shard, int seq) => JobStory.Queued().Job with
    {
        Id = JobId.Create(Do.T0, shard, (uint)(seq == 1 ? Interlocked.Increment(ref _jobs) : _jobs)),
        Seq = seq,
    };

    private void Commit(int shard, long head, params Job[] jobs) => Commit(shard, head, changesWords: false, jobs);

    private void Commit(int shard, long head, bool changesWords, params Job[] jobs) => _backlog.Add(new CommittedBatch(
        [new ShardFence(shard, Epoch: 1, head, jobs.Length)],
        [.. jobs.Select(job => new PendingAppend(job, job.Seq, []) { ChangesWords = changesWords || job.Seq == 1 })]));
}
