using AiCd.Forge.Paths;

namespace AiCd.Forge.Tests.Paths;

public sealed class PathRulesTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("src/a b/c.txt")]
    [InlineData("docs/ü/日本語.md")]
    [InlineData("a/👩‍💻.md")]
    [InlineData(".github/workflows/ci.yml")]
    [InlineData(".gitignore")]
    [InlineData(".gitattributes")]
    [InlineData(".gitmodules")]
    [InlineData("git/x")]
    [InlineData(".git2/x")]
    [InlineData("x.git/y")]
    [InlineData("..x")]
    [InlineData("...x/y")]
    [InlineData("console/nullable.cs")]
    [InlineData("com10.txt")]
    [InlineData("-rf")]
    [InlineData("$(touch x)")]
    public void An_ordinary_path_is_accepted(string path) => PathRules.Objection(path).ShouldBeNull();

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("//server/share", "absolute")]
    [InlineData("..", "'..'")]
    [InlineData("../x", "'..'")]
    [InlineData("a/../../x", "'..'")]
    [InlineData("a/..", "'..'")]
    [InlineData(".", "'.'")]
    [InlineData("./x", "'.'")]
    [InlineData("a//b", "empty part")]
    [InlineData("a/", "empty part")]
    [InlineData(@"a\b", "backslash")]
    [InlineData(@"..\x", "backslash")]
    [InlineData("C:/x", "colon")]
    [InlineData("c:x", "colon")]
    [InlineData("a/b:stream", "colon")]
    [InlineData("a\0b", "control")]
    [InlineData("a\nb", "control")]
    [InlineData("a\tb", "control")]
    [InlineData("a\u007fb", "control")]
    [InlineData("a\u0085b", "control")]
    [InlineData("a\u2028b", "control")]
    [InlineData("a\u202etxt.exe", "control")]
    [InlineData("a.", "ends with")]
    [InlineData("a ", "ends with")]
    [InlineData("a./b", "ends with")]
    [InlineData("a /b", "ends with")]
    [InlineData("CON", "device")]
    [InlineData("a/nul", "device")]
    [InlineData("a/NUL.txt", "device")]
    [InlineData("aux.c", "device")]
    [InlineData("Prn.tar.gz", "device")]
    [InlineData("com1", "device")]
    [InlineData("LPT9.log", "device")]
    [InlineData("com¹", "device")]
    [InlineData("CONIN$", "device")]
    public void A_path_that_leads_astray_somewhere_is_refused(string path, string reason) =>
        PathRules.Objection(path).ShouldNotBeNull().ShouldContain(reason);

    [Theory]
    [InlineData(".git")]
    [InlineData(".git/hooks/post-checkout")]
    [InlineData("a/.git/config")]
    [InlineData(".GIT/config")]
    [InlineData(".Git")]
    [InlineData("git~1/config")]
    [InlineData("GIT~1")]
    [InlineData("a/git~27/x")]
    [InlineData(".g\u200cit/config")]
    [InlineData("\u200d.git")]
    [InlineData(".gi\ufefft")]
    [InlineData(".git\u2060/x")]
    [InlineData(".g\u00adit")]
    [InlineData("．ｇｉｔ/config")]
    [InlineData(".ｇit")]
    [InlineData(".gıt")]
    [InlineData(".GİT")]
    [InlineData(".gi\u0307t")]
    [InlineData("․git")]
    public void A_git_directory_is_refused_in_every_disguise(string path) =>
        PathRules.Objection(path).ShouldBe("would be a git directory");

    [Theory]
    [InlineData(".git /config")]
    [InlineData(".git.")]
    [InlineData(".git...")]
    [InlineData(".git. .")]
    public void A_git_directory_with_dots_and_blanks_behind_it_is_refused(string path) =>
        PathRules.Objection(path).ShouldBe("would be a git directory");

    [Theory]
    [InlineData(".git::$INDEX_ALLOCATION/config")]
    [InlineData(".git:x")]
    public void A_git_directory_named_as_a_stream_is_refused(string path) => PathRules.Objection(path).ShouldNotBeNull();

    [Theory]
    [InlineData(".GitModules")]
    [InlineData("gitmod~1")]
    [InlineData(".gitmod\u200cules")]
    public void A_list_of_submodules_is_refused_in_disguise(string path) =>
        PathRules.Objection(path).ShouldBe("would be taken for .gitmodules");

    [Fact]
    public void A_lone_surrogate_is_refused()
    {
        PathRules.Objection("a\ud800b").ShouldBe("is not valid Unicode");
        PathRules.Objection("a\udc00").ShouldBe("is not valid Unicode");
        PathRules.Objection("\ud83d").ShouldBe("is not valid Unicode");
    }

    [Fact]
    public void A_name_may_have_255_bytes_and_no_more()
    {
        PathRules.Objection(new string('a', 255)).ShouldBeNull();
        PathRules.Objection(new string('a', 256)).ShouldNotBeNull().ShouldContain("255 bytes");
        PathRules.Objection(new string('ü', 128)).ShouldNotBeNull().ShouldContain("255 bytes");
    }

    [Fact]
    public void A_path_may_have_1024_bytes_and_no_more()
    {
        var folder = string.Concat(Enumerable.Repeat("0123456/", 127));
        PathRules.Objection(folder + "01234567").ShouldBeNull();
        PathRules.Objection(folder + "012345678").ShouldNotBeNull().ShouldContain("1024 bytes");
    }

    [Fact]
    public void A_refusal_shows_the_path_without_what_could_disturb_a_terminal() =>
        PathRefusal.Because("a\u001b[2Jb\u202e", "is bad").Message.ShouldBe(@"The path 'a\u{1b}[2Jb\u{202e}' is bad");
}
