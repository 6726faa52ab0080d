using AiCd.Agents.Checks;

namespace AiCd.Agents.Tests.Checks;

public sealed class PathPatternsTests
{
    [Theory]
    [InlineData("LICENSE", "LICENSE", true)]
    [InlineData("LICENSE", "sub/LICENSE", true)]
    [InlineData("/LICENSE", "sub/LICENSE", false)]
    [InlineData("LICENSE", "LICENSE.md", false)]
    [InlineData("*.lock", "a/b/x.lock", true)]
    [InlineData("*.lock", "x.lock/y", true)]
    [InlineData("docs/", "docs/a/b", true)]
    [InlineData("docs/", "x/docs/a", true)]
    [InlineData("docs/api", "docs/api/x", true)]
    [InlineData("docs/api", "x/docs/api", false)]
    [InlineData("/.github/workflows/**", ".github/workflows/ci.yml", true)]
    [InlineData("/.github/workflows/**", ".GitHub/Workflows/ci.yml", true)]
    [InlineData("/.github/workflows/**", ".github/workflows", false)]
    [InlineData("src/**/gen/*.cs", "src/gen/a.cs", true)]
    [InlineData("src/**/gen/*.cs", "src/a/b/gen/a.cs", true)]
    [InlineData("src/**/gen/*.cs", "src/a/b/gen/c/a.cs", false)]
    [InlineData("**/secret", "a/b/secret", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("(x|y)+", "(x|y)+", true)]
    [InlineData("new", "new\nline", false)]
    public void A_pattern_fits_as_in_gitignore(string pattern, string path, bool fits) =>
        (new PathPatterns([pattern]).Find(path) is not null).ShouldBe(fits);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("a/../b")]
    [InlineData("!a")]
    [InlineData("a\\b")]
    public void A_pattern_that_means_nothing_is_no_pattern(string pattern) => PathPatterns.Objection(pattern).ShouldNotBeNull();
}
