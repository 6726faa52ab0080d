using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Tests.Jobs;
using AiCd.Actors.Tests.Jobs.Properties;

namespace AiCd.Actors.Tests.Journal;

public sealed class SnapshotCodecTests
{
    public static TheoryData<JobState> States => [.. Enum.GetValues<JobState>()];

    [Theory]
    [MemberData(nameof(States))]
    public void A_job_comes_back_as_it_was(JobState state)
    {
        var job = JobStory.In(state).Job with { Feedback = [new Feedback(1, "Not good 🚀", Review: Do.Artifact("review"))], Usage = new(1, 2, 3, 4, 5) };

        RandomJob.Json(SnapshotCodec.Decode(SnapshotCodec.Encode(job))).ShouldBe(RandomJob.Json(job));
    }

    [Fact]
    public void What_is_not_a_snapshot_of_the_job_and_the_event_is_none()
    {
        var snapshot = SnapshotCodec.Encode(JobStory.Coding().Job);

        SnapshotCodec.Decode(snapshot with { Schema = snapshot.Schema + 1 }).ShouldBeNull();
        SnapshotCodec.Decode(snapshot with { Seq = snapshot.Seq + 1 }).ShouldBeNull();
        SnapshotCodec.Decode(snapshot with { Job = ShardWriter.NewJob(1) }).ShouldBeNull();
        SnapshotCodec.Decode(snapshot with { State = Encoding.UTF8.GetBytes("null") }).ShouldBeNull();
        SnapshotCodec.Decode(snapshot with { State = Encoding.UTF8.GetBytes("{}") }).ShouldBeNull();
        SnapshotCodec.Decode(snapshot with { State = new byte[] { 0xff } }).ShouldBeNull();
    }

    [Fact]
    public void The_schema_changes_with_the_shape_and_with_the_meaning()
    {
        SnapshotCodec.SchemaOf(typeof(Job), 1).ShouldBe(SnapshotCodec.SchemaOf(typeof(Job), 1));
        SnapshotCodec.SchemaOf(typeof(Job), 2).ShouldNotBe(SnapshotCodec.SchemaOf(typeof(Job), 1));
        SnapshotCodec.SchemaOf(typeof(Submission), 1).ShouldNotBe(SnapshotCodec.SchemaOf(typeof(Job), 1));
    }
}
