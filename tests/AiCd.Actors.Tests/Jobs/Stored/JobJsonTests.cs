using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Tests.Jobs.Stored;

public sealed class JobJsonTests
{
    private static readonly JobCommand[] Commands =
    [
        Do.Submit(), Do.ApprovePlan(baseSha: "base", issue: "cafe"), Do.Submit(approval: true, notBefore: Do.T0), Do.Start(Stage.PrOpen, "o1"), Do.Start(Stage.PrOpen, "o1", "o0"), Do.PlanDone("p1"),
        Do.ApprovePlan(), Do.ApprovePlan(by: null), Do.TurnDown(), Do.CodeDone("c1"), Do.Approve("r1"), Do.Reject("r1"), Do.Intend("o1"),
        Do.EffectDone("o1"), Do.PullRequestOpened("o1"), Do.Complete(), Do.Fail("c1"), Do.Fail("c1", retry: false), Do.Interrupt("c1"), Do.Say(), Do.Prioritize(), Do.EditIssue(), Do.Retry(),
        Do.Use(), Do.Turn("c1"), Do.Turn("c1", "call"), Do.Hold("c1"), Do.Raise(), Do.Cancel(),
    ];

    public static TheoryData<int> CommandIndexes => [.. Enumerable.Range(0, Commands.Length)];

    [Theory]
    [MemberData(nameof(CommandIndexes))]
    public void A_command_survives_its_way_to_another_node(int index)
    {
        var json = JsonSerializer.Serialize(Commands[index], JobJson.Default.JobCommand);

        var read = JsonSerializer.Deserialize(json, JobJson.Default.JobCommand)!;

        read.GetType().ShouldBe(Commands[index].GetType());
        read.At.ShouldBe(Commands[index].At);
        JsonSerializer.Serialize(read, JobJson.Default.JobCommand).ShouldBe(json);
        json.ShouldStartWith("{\"command\":\"");
    }

    [Fact]
    public void Every_command_has_a_name_on_the_wire_and_a_place_in_this_test()
    {
        var kinds = typeof(JobCommand).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(JobCommand))).ToList();
        var named = typeof(JobCommand).GetCustomAttributes<JsonDerivedTypeAttribute>().ToList();

        named.Select(name => name.DerivedType).ShouldBe(kinds, ignoreOrder: true);
        named.Select(name => name.TypeDiscriminator).Distinct().Count().ShouldBe(kinds.Count);
        Commands.Select(command => command.GetType()).Distinct().ShouldBe(kinds, ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"command":"CANCEL","reason":"r"}""")]
    [InlineData("""{"command":"CANCEL","at":"2030-01-01T00:00:00Z"}""")]
    [InlineData("""{"command":"FAIL_ATTEMPT","at":"2030-01-01T00:00:00Z","code":"c","message":"m","maxAttempts":3}""")]
    [InlineData("""{"command":"FAIL_ATTEMPT","at":"2030-01-01T00:00:00Z","attemptId":null,"code":"c","message":"m","maxAttempts":3}""")]
    [InlineData("""{"command":"START_ATTEMPT","at":"2030-01-01T00:00:00Z","stage":"CODING","attemptId":"a","incarnation":"n"}""")]
    [InlineData("""{"command":"EXPLODE","at":"2030-01-01T00:00:00Z"}""")]
    [InlineData("""{"at":"2030-01-01T00:00:00Z"}""")]
    public void A_command_with_a_part_missing_is_refused(string json)
    {
        var error = Should.Throw<Exception>(() => JsonSerializer.Deserialize(json, JobJson.Default.JobCommand));

        (error is JsonException or NotSupportedException).ShouldBeTrue(error.ToString());
    }

    [Fact]
    public void What_a_review_says_of_the_change_as_a_whole_has_no_place()
    {
        var review = JsonSerializer.Deserialize(
            """{"verdict":"REJECT","summary":"s","comments":[{"severity":"MAJOR","text":"t"}]}""", JobJson.Default.ReviewResult)!;

        review.Comments.ShouldBe([new ReviewComment(null, null, CommentSeverity.Major, "t")]);
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(
            """{"verdict":"REJECT","summary":"s","comments":[{"text":"t"}]}""", JobJson.Default.ReviewResult));
    }

    [Theory]
    [InlineData(JobState.Queued)]
    [InlineData(JobState.Reviewing)]
    [InlineData(JobState.Completed)]
    [InlineData(JobState.Failed)]
    public void A_job_survives_json(JobState state)
    {
        var job = JobStory.In(state).Then(Do.Use()).Job;
        var json = JsonSerializer.Serialize(job, JobJson.Default.Job);

        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, JobJson.Default.Job)!, JobJson.Default.Job).ShouldBe(json);
    }

    [Fact]
    public void What_may_be_null_may_be_missing()
    {
        var nullability = new NullabilityInfoContext();
        var types = typeof(JobJson).Assembly.GetTypes().Where(type => !type.IsGenericTypeDefinition && JobJson.Default.GetTypeInfo(type) is not null).ToList();
        types.ShouldContain(typeof(JobEvent.PlanSucceeded));
        types.ShouldContain(typeof(JobCommand.FailAttempt));

        var required =
            from type in types
            let constructors = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            let chosen = constructors.FirstOrDefault(c => c.IsDefined(typeof(JsonConstructorAttribute))) ?? constructors.MaxBy(c => c.GetParameters().Length)
            from parameter in chosen?.GetParameters() ?? []
            where nullability.Create(parameter).ReadState == NullabilityState.Nullable && !parameter.HasDefaultValue
            select $"{type.Name}.{parameter.Name}";

        required.ShouldBeEmpty();
    }
}
