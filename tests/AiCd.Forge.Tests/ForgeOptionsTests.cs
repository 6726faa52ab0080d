using Microsoft.Extensions.Options;

namespace AiCd.Forge.Tests;

public sealed class ForgeOptionsTests
{
    [Fact]
    public void The_defaults_are_valid()
    {
        using var forge = new TestForge();

        forge.Get<IOptions<ForgeOptions>>().Value.ShouldSatisfyAllConditions(
            options => options.AuthorName.ShouldBe("AiCd"),
            options => options.AuthorEmail.ShouldBe("aicd@localhost"),
            options => options.AllowedRoots.ShouldBeEmpty());
    }

    [Theory]
    [InlineData("AuthorName", "", "one line")]
    [InlineData("AuthorName", "a <b>", "one line")]
    [InlineData("AuthorName", "a\nb", "one line")]
    [InlineData("AuthorName", "...", "one line")]
    [InlineData("AuthorEmail", "", "an address")]
    [InlineData("AuthorEmail", "a b", "an address")]
    [InlineData("AuthorEmail", "a>", "an address")]
    [InlineData("Executable", " ", "a program")]
    [InlineData("Timeout", "00:00:00", "from 00:00:01")]
    [InlineData("Timeout", "2.00:00:00", "from 00:00:01")]
    [InlineData("MaxDiffBytes", "1", "from 1024")]
    [InlineData("MaxBundleBytes", "1", "from 1024")]
    [InlineData("AllowedRoots:0", "relative", "an absolute path")]
    public void A_wrong_setting_is_named_with_what_was_expected_and_found(string key, string value, string expected)
    {
        using var forge = new TestForge(($"AiCd:Git:{key}", value));

        var failure = Should.Throw<OptionsValidationException>(() => forge.Get<IOptions<ForgeOptions>>().Value).Message;

        failure.ShouldContain($"AiCd:Git:{key}: expected");
        failure.ShouldContain(expected);
        failure.ShouldContain($"found '{(key == "Timeout" ? TimeSpan.Parse(value, null).ToString() : value)}'");
    }
}
