using System.Text.Json;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Tests.Jobs;

public sealed class JobIdTests
{
    [Theory]
    [InlineData(0, 0u)]
    [InlineData(63, 1u)]
    [InlineData(1023, 0x1FFFFFFu)]
    public void An_id_survives_text_and_json_and_knows_its_shard(int shard, uint random)
    {
        var id = JobId.Create(Do.T0, shard, random);

        id.Shard.ShouldBe(shard);
        JobId.Parse(id.ToString()).ShouldBe(id);
        JsonSerializer.Deserialize<JobId>(JsonSerializer.Serialize(id)).ShouldBe(id);
        id.Value.Length.ShouldBe(16);
    }

    [Fact]
    public void Only_the_lower_bits_of_the_randomness_count() =>
        JobId.Create(Do.T0, 1, 0xFFFFFFFF).ShouldBe(JobId.Create(Do.T0, 1, 0x1FFFFFF));

    [Fact]
    public void Ids_of_the_same_millisecond_and_shard_differ_by_their_randomness() =>
        JobId.Create(Do.T0, 1, 1).ShouldNotBe(JobId.Create(Do.T0, 1, 2));

    [Fact]
    public void Ids_sort_by_age_whatever_their_shard()
    {
        var ids = Enumerable.Range(0, 200).Select(i => JobId.Create(Do.T0.AddMilliseconds(i * 37), 1023 - i, (uint)(i * 7919))).ToList();

        ids.Shuffle().Order().ShouldBe(ids);
        ids.Select(id => id.Value).Shuffle().Order(StringComparer.Ordinal).ShouldBe(ids.Select(id => id.Value));
        (ids[0] < ids[1] && ids[1] > ids[0] && ids[0] <= ids[1] && ids[1] >= ids[0]).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcde")]
    [InlineData("0123456789abcdef0")]
    [InlineData("0123456789abcdeu")]
    [InlineData("0123456789ABCDEF")]
    [InlineData("0123456789abcde ")]
    [InlineData("0123456789abcd\u0660\u0661")]
    [InlineData("../../etc/passwd")]
    public void Text_that_is_no_id_is_refused(string? text)
    {
        JobId.TryParse(text, out var id).ShouldBeFalse();
        id.ShouldBe(default);
        Should.Throw<FormatException>(() => JobId.Parse(text!)).Message.ShouldContain("16 characters");
    }

    [Theory]
    [InlineData("\"nonsense\"")]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("{}")]
    public void Json_that_is_no_id_is_refused(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<JobId>(json));

    [Fact]
    public void A_default_id_names_no_job()
    {
        Should.Throw<InvalidOperationException>(() => default(JobId).Value);
        default(JobId).ToString().ShouldBe("(none)");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1024)]
    public void A_shard_that_does_not_fit_is_refused(int shard) =>
        Should.Throw<ArgumentOutOfRangeException>(() => JobId.Create(Do.T0, shard, 0));

    [Theory]
    [InlineData(-1L)]
    [InlineData(1L << 45)]
    public void A_time_that_would_break_the_order_is_refused(long milliseconds) =>
        Should.Throw<ArgumentOutOfRangeException>(() => JobId.Create(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), 0, 0));
}
