using System.ComponentModel.DataAnnotations;
using AiCd.Agents.Checks;

namespace AiCd.Agents.Tests.Checks;

public sealed class PolicyOptionsTests
{
    [Theory]
    [InlineData("./secrets/**")]
    [InlineData("secrets\\keys")]
    [InlineData("!secrets")]
    [InlineData("../secrets")]
    [InlineData("/")]
    public void A_pattern_that_would_protect_nothing_is_refused(string pattern) =>
        Problems(new PolicyOptions { ProtectedPaths = ["secrets/**", pattern] }).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            problem => problem.MemberNames.ShouldBe(["ProtectedPaths:1"]),
            problem => problem.ErrorMessage!.ShouldEndWith($"without !, \\, and parts that are empty, '.' or '..', got '{pattern}'"));

    [Fact]
    public void A_tool_that_there_is_not_is_refused() =>
        Problems(new PolicyOptions { Tools = ["view", "Bash"] }).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            problem => problem.MemberNames.ShouldBe(["Tools:1"]),
            problem => problem.ErrorMessage.ShouldBe("expected one of view, search, edit, bash, got 'Bash'"));

    [Fact]
    public void A_policy_with_tools_and_patterns_is_taken() =>
        Problems(new PolicyOptions { Tools = ["view", "search", "edit", "bash"], ProtectedPaths = ["docs/**", "*.lock", "/LICENSE"] }).ShouldBeEmpty();

    private static List<ValidationResult> Problems(PolicyOptions options)
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        return problems;
    }
}
