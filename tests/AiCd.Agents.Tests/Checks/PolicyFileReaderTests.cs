using System.Text;
using AiCd.Agents.Checks;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tests.Checks;

public sealed class PolicyFileReaderTests
{
    [Fact]
    public void Everything_that_a_repository_may_say_is_read()
    {
        var file = Read("""
            version: 1
            # comments are fine
            lint: dotnet format --verify-no-changes
            setup:
              run: |
                npm ci
                npm run generate
              timeout: 5m
            test: { run: "npm test", timeout: 90s }
            build:
            requireChecks: false
            protected: ["LICENSE", /db/migrations/**]
            tools:
              - bash
              - view
            network: setup
            agent: anthropic
            model: claude-x
            base: develop
            review:
              - Public API needs documentation
            labels: [aicd, "needs review"]
            """);

        file.Commands.ShouldBe(
        [
            new PolicyCommand("setup", "npm ci\nnpm run generate", TimeSpan.FromMinutes(5)),
            new PolicyCommand("test", "npm test", TimeSpan.FromSeconds(90)),
            new PolicyCommand("lint", "dotnet format --verify-no-changes", null),
        ]);
        file.ShouldSatisfyAllConditions(
            () => file.RequireChecks.ShouldBe(false),
            () => file.ProtectedPaths.ShouldBe(["LICENSE", "/db/migrations/**"]),
            () => file.Tools.ShouldBe(["bash", "view"]),
            () => file.Network.ShouldBe(NetworkAccess.Setup),
            () => (file.Agent, file.Model, file.BaseBranch).ShouldBe(("anthropic", "claude-x", "develop")),
            () => file.ReviewRules.ShouldBe(["Public API needs documentation"]),
            () => file.Labels.ShouldBe(["aicd", "needs review"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("~")]
    public void A_file_without_content_says_nothing(string text) => Read(text).ShouldBe(PolicyFile.Empty);

    [Theory]
    [InlineData("test: true\ntets: x", 2, "tets: expected one of version, setup, build, test, lint")]
    [InlineData("\n\ntest: [a]", 3, "test: expected a command, or 'run' and 'timeout', found a list of 1")]
    [InlineData("test:\n  timeout: 5m", 2, "test.run: expected a command, found none")]
    [InlineData("test:\n  run: x\n  timeout: soon", 3, "test.timeout: expected a duration up to a day such as 90s, 10m or 1h, found 'soon'")]
    [InlineData("test:\n  run: x\n  timeout: 0s", 3, "test.timeout: expected a duration")]
    [InlineData("test:\n  run: x\n  timeout: 999999h", 3, "test.timeout: expected a duration")]
    [InlineData("test:\n  run: x\n  shell: zsh", 3, "test.shell: expected one of run, timeout")]
    [InlineData("test: ''", 1, "test: expected a text of 1 to 16384 characters, found ''")]
    [InlineData("network: all", 1, "network: expected none, setup, full, found 'all'")]
    [InlineData("requireChecks: 'false'", 1, "requireChecks: expected true or false, found 'false'")]
    [InlineData("requireChecks: no", 1, "requireChecks: expected true or false, found 'no'")]
    [InlineData("protected: LICENSE", 1, "protected: expected a list of at most 200, found 'LICENSE'")]
    [InlineData("protected:\n  - ok\n  - '../up'", 3, "protected[1]: expected a pattern such as")]
    [InlineData("protected: ['!not']", 1, "protected[0]: expected a pattern")]
    [InlineData("tools: [bash, 'rm -rf']", 1, "tools[1]: expected one of view, search, edit, bash, found 'rm -rf'")]
    [InlineData("labels:\n - {a: b}", 2, "labels[0]: expected a text of 1 to 2000 characters, found fields")]
    [InlineData("model: --help", 1, "model: expected a name without blanks, found '--help'")]
    [InlineData("version: 2", 1, "version: expected 1, found '2'")]
    [InlineData("test: a\ntest: b", 2, "test: expected once, found again")]
    [InlineData("- test", 1, "expected fields such as 'test: dotnet test', found a list of 1")]
    [InlineData("test: &a x", 1, "expected no anchors and aliases")]
    [InlineData("test: x\n---\nlint: y", 2, "expected one document, found another")]
    [InlineData("a: [[[[[[[[[[1]]]]]]]]]]", 1, "expected at most 8 levels")]
    [InlineData("[a]: 1", 1, "expected a name before the colon")]
    public void A_mistake_is_named_with_its_line_and_what_was_expected(string text, long line, string problem)
    {
        var refused = Should.Throw<PolicyFileException>(() => Read(text));

        refused.Problems.ShouldHaveSingleItem().Line.ShouldBe(line);
        refused.Message.ShouldStartWith($".aicd.yml:{line}: {problem}");
    }

    [Fact]
    public void Every_mistake_is_named_at_once_in_order() =>
        Should.Throw<PolicyFileException>(() => Read("test: ''\nnetwork: x\nlabels: y\nzzz: 1")).Problems.Select(problem => problem.Line).ShouldBe([1L, 2, 3, 4]);

    [Theory]
    [InlineData("test: [")]
    [InlineData("test: \"x")]
    [InlineData("test: x\n  y: z")]
    [InlineData("%YAML 9.9\n---\ntest: x")]
    [InlineData("test: !!binary x\n: :")]
    public void What_is_no_yaml_is_refused_with_a_line(string text) =>
        Should.Throw<PolicyFileException>(() => Read(text)).Problems.ShouldHaveSingleItem().Line.ShouldBeGreaterThan(0);

    [Fact]
    public void What_is_no_utf8_is_refused() => Should.Throw<PolicyFileException>(() => PolicyFileReader.Read([0x74, 0xff, 0xfe])).Message.ShouldContain("UTF-8");

    [Fact]
    public void However_deep_a_file_is_it_does_not_bring_the_reader_down() =>
        Should.Throw<PolicyFileException>(() => Read("test: " + new string('[', 60_000)));

    private static PolicyFile Read(string text) => PolicyFileReader.Read(Encoding.UTF8.GetBytes(text));
}
