using AiCd.Forge.Paths;

namespace AiCd.Forge.Tests.Paths;

public sealed class LinkRulesTests
{
    [Theory]
    [InlineData("a", "b")]
    [InlineData("a", "./b/c")]
    [InlineData("d/a", "../b")]
    [InlineData("d/e/a", "../../b")]
    [InlineData("d/a", "..")]
    [InlineData("a", "...b")]
    public void A_link_that_stays_inside_is_accepted(string path, string target) => LinkRules.Objection(path, target).ShouldBeNull();

    [Theory]
    [InlineData("a", "/etc/passwd")]
    [InlineData("a", "..")]
    [InlineData("a", "../b")]
    [InlineData("d/a", "../../b")]
    [InlineData("d/a", "./../.././b")]
    [InlineData("a", @"..\b")]
    [InlineData("a", @"C:\b")]
    [InlineData("a", "c:b")]
    public void A_link_that_leads_out_is_refused(string path, string target) =>
        LinkRules.Objection(path, target).ShouldNotBeNull().ShouldContain("out of the repository");

    [Fact]
    public void A_link_that_steps_back_from_a_name_is_refused_because_the_name_may_be_a_link() =>
        LinkRules.Objection("d/a", "b/../c").ShouldNotBeNull();

    [Theory]
    [InlineData(".git/config")]
    [InlineData("b/.GIT")]
    [InlineData("git~1")]
    public void A_link_into_a_git_directory_is_refused(string target) =>
        LinkRules.Objection("a", target).ShouldBe("is a link into a git directory");

    [Theory]
    [InlineData(".gitmodules")]
    [InlineData("d/.gitattributes")]
    [InlineData(".gitignore")]
    [InlineData(".MAILMAP")]
    public void A_file_that_steers_git_must_not_be_a_link(string path) => LinkRules.Objection(path, "b").ShouldNotBeNull();
}
