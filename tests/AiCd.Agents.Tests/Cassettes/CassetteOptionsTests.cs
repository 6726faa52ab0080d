using AiCd.Agents.Cassettes;
using AiCd.Testing;

namespace AiCd.Agents.Tests.Cassettes;

/// <summary>A cassette that cannot be used is told before anything starts.</summary>
public sealed class CassetteOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.Combine("cassette.json");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("off")]
    [InlineData("Record")]
    public void No_file_is_needed_where_none_is_read(string mode) => FindProblem(mode).ShouldBeNull();

    [Fact]
    public void A_mode_that_is_none_is_refused() => FindProblem("play").ShouldBe("AICD_CASSETTE: expected record, replay or off, got 'play'");

    [Fact]
    public void A_cassette_that_is_not_there_cannot_be_replayed() =>
        FindProblem("replay").ShouldBe($"AICD_CASSETTE_FILE: expected a cassette to replay, found none at {File}");

    [Theory]
    [InlineData("replay", "not JSON")]
    [InlineData("record", "null")]
    [InlineData("replay", """{"interactions":[]}""")]
    [InlineData("replay", """{"origin":"recorded","interactions":[{"request":{},"response":{"status":200,"headers":{},"body":[],"end":"tired"}}]}""")]
    public void A_file_that_is_no_cassette_is_refused(string mode, string text)
    {
        System.IO.File.WriteAllText(File, text);

        FindProblem(mode)!.ShouldStartWith($"AICD_CASSETTE_FILE: expected a cassette, got {File}: ");
    }

    private string? FindProblem(string mode) => new CassetteOptions.Validator().Validate(null, new CassetteOptions { Given = mode, File = File }).FailureMessage;
}
