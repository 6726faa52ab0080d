namespace AiCd.Agents.Tests.Mock;

public sealed class MockPlanningTests : IDisposable
{
    private readonly MockStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_plan_follows_the_issue_and_names_the_files_that_are_there()
    {
        _stage.Write("README.md", "# Demo\n");
        _stage.Write("src/greeter.cs", "class Greeter;\n");

        var plan = await _stage.PlanAsync("Add a greeting", """
            Users are welcomed by nothing at all, see `README.md` and (./src/greeter.cs:1).
            Ignore missing.md.

            ## Wanted
            - [ ] say hello
            * say "bye"
            2) add tests

            ```sh
            - not a step
            ```
            """);

        plan.Summary.ShouldBe("Add a greeting: Users are welcomed by nothing at all, see `README.md` and (./src/greeter.cs:1).");
        plan.Steps.ShouldBe([
            "Read README.md",
            "Read src/greeter.cs",
            "say hello",
            "say \"bye\"",
            "add tests",
            "Record the issue, the plan and its outcome in docs/aicd/add-a-greeting.md"]);
        plan.Files.ShouldBe(["README.md", "src/greeter.cs", "docs/aicd/add-a-greeting.md"]);
        plan.Risks.ShouldBe(["The issue contains code that was read and not run"]);
        plan.TestStrategy.ShouldContain("3 points");
    }

    [Fact]
    public async Task Headings_are_the_steps_where_there_are_no_points()
    {
        var plan = await _stage.PlanAsync("Tidy", "# Motivation\ntext\n## Scope ##\nmore");

        plan.Steps.ShouldContain("Work through \"Motivation\"");
        plan.Summary.ShouldBe("Tidy: text");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    public async Task An_issue_without_a_body_is_planned_by_its_title(string body)
    {
        var plan = await _stage.PlanAsync("Do it", body);

        plan.Summary.ShouldBe("Do it");
        plan.Steps[0].ShouldBe("Find what \"Do it\" asks for and carry it out");
        plan.Risks.ShouldContain(risk => risk.Contains("title only"));
    }

    [Fact]
    public async Task The_same_issue_gives_the_same_plan()
    {
        _stage.Write("README.md", "# Demo\n");
        const string body = "See README.md\n- one\n- two 🚀\n";

        var first = await _stage.PlanAsync("Twice", body);
        var second = await _stage.PlanAsync("Twice", body);

        System.Text.Json.JsonSerializer.Serialize(second).ShouldBe(System.Text.Json.JsonSerializer.Serialize(first));
    }

    [Fact]
    public async Task Names_that_lead_out_of_the_worktree_or_through_links_are_not_taken_up()
    {
        _stage.Write("folder/inside.md", "x\n");
        _stage.Write(".git/config", "x\n");
        File.CreateSymbolicLink(Path.Combine(_stage.Worktree, "link.md"), "/etc/hostname");
        Directory.CreateSymbolicLink(Path.Combine(_stage.Worktree, "elsewhere"), Path.Combine(_stage.Worktree, "folder"));

        var plan = await _stage.PlanAsync("Escape",
            "/etc/passwd ../../etc/passwd folder/../folder/inside.md link.md elsewhere/inside.md .git/config folder\\inside.md folder/ folder/inside.md");

        plan.Files.ShouldBe(["folder/inside.md", "docs/aicd/escape.md"]);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_body_of_a_megabyte_is_no_burden()
    {
        var body = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"- step {i} in src/f{i}.cs 🚀\n"));
        body.Length.ShouldBeGreaterThan(1_000_000);

        var plan = await _stage.PlanAsync("Huge", body);

        plan.Steps.Count.ShouldBe(13);
        _stage.Progress.Turns.ShouldAllBe(turn => turn.Text.Length < 30_000);
    }

    [Fact]
    public async Task A_stage_reports_and_records_what_was_asked_and_answered()
    {
        await _stage.PlanAsync("Say so", "body");

        _stage.Progress.Reports.ShouldBe(["Reading the issue", "Planned 2 steps"]);
        _stage.Progress.Turns.Select(turn => turn.Role).ShouldBe(["user", "assistant"]);
        _stage.Progress.Turns[0].Text.ShouldBe("Say so\n\nbody");
    }
}
