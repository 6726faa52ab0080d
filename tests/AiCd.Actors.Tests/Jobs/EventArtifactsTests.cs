using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Tests.Jobs;

public sealed class EventArtifactsTests
{
    private static readonly ArtifactRef Marker = new(ArtifactKinds.Log, new string('a', 64), 1, "text/plain");

    public static TheoryData<Type> Events => [.. typeof(JobEvent).GetNestedTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(JobEvent)))];

    /// <summary>What an event names and this does not find would be collected while its job still needs it.</summary>
    [Theory]
    [MemberData(nameof(Events))]
    public void Every_artifact_that_an_event_can_name_is_found(Type type)
    {
        var e = (JobEvent)RuntimeHelpers.GetUninitializedObject(type);
        var named = 0;
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            object? value = property.PropertyType == typeof(ArtifactRef) ? Marker
                : property.PropertyType == typeof(IReadOnlyList<ArtifactRef>) ? (IReadOnlyList<ArtifactRef>)[Marker]
                : property.PropertyType == typeof(Submission) ? new Submission("default", "repository", "main", "branch", "title", Marker, "mock")
                : null;
            if (value is not null)
            {
                property.SetValue(e, value);
                named++;
            }
        }

        EventArtifacts.Of(e).ShouldBe(Enumerable.Repeat(Marker, named));
        EventArtifacts.StoredBy([e]).ShouldBe(Enumerable.Repeat(Marker.Sha256, named));
    }

    [Fact]
    public void A_failure_from_before_its_artifacts_were_kept_names_none()
    {
        var old = JobEventCodec.Decode(
            "ATTEMPT_FAILED", """{"stage":"CODING","attemptId":"c1","attempt":1,"code":"timeout","message":"Longer than 00:30:00"}"""u8, Do.T0);

        old.ShouldBeOfType<JobEvent.AttemptFailed>().Artifacts.ShouldBeNull();
        EventArtifacts.Of(old).ShouldBeEmpty();
        EventArtifacts.StoredBy([old]).ShouldBeEmpty();
    }

    [Fact]
    public void What_travels_inside_an_event_is_not_kept_by_the_store()
    {
        var inline = Marker with { Inline = "text" };

        EventArtifacts.StoredBy([new JobEvent.PlanSucceeded("a", "summary", [inline, Marker]), new JobEvent.MarkCompleted()]).ShouldBe([Marker.Sha256]);
    }
}
