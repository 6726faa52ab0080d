using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;

namespace AiCd.Agents.Tests.Mock;

public sealed class MockCodingTests : IDisposable
{
    private static readonly ReviewFeedback Rejection = new(1, "Not yet.", null,
    [
        new ReviewComment("docs/aicd/add-a-greeting.md", 3, CommentSeverity.Major, "Say how it was verified."),
        new ReviewComment(null, null, CommentSeverity.Minor, "Too short."),
    ]);

    private readonly MockStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_record_holds_issue_and_plan_and_the_named_text_file_leads_to_it()
    {
        _stage.Write("README.md", "# Demo");
        _stage.Write("docs/guide.md", "Guide\r\n");
        _stage.Write("notes.txt", "Notes\n");
        _stage.Write("app.cs", "class App;\n");

        var result = await _stage.CodeAsync(body: "Look at README.md, docs/guide.md, notes.txt and app.cs.\n\n```cs\nvar x = \"quoted\";\n```\nשלום 👩‍👩‍👧");

        result.Changes.Select(change => change.Path).ShouldBe(["docs/aicd/add-a-greeting.md", "README.md", "docs/guide.md", "notes.txt"]);
        result.Changes[0].Content!.ShouldStartWith("# Add a greeting\n\n> Look at README.md");
        result.Changes[0].Content!.ShouldContain("> ```cs\n> var x = \"quoted\";\n> ```\n> שלום 👩‍👩‍👧\n");
        result.Changes[0].Content!.ShouldContain("## Plan\n\n");
        result.Changes[0].Content!.ShouldEndWith($"Round 1 of job `{MockStage.Job}`.\n");
        result.Changes[1].Content.ShouldBe("# Demo\n\nPlanned work: [Add a greeting](docs/aicd/add-a-greeting.md)\n");
        result.Changes[2].Content.ShouldBe("Guide\r\n\r\nPlanned work: [Add a greeting](aicd/add-a-greeting.md)\r\n");
        result.Changes[3].Content.ShouldBe("Notes\n\nPlanned work: Add a greeting (docs/aicd/add-a-greeting.md)\n");
        result.CommitMessage.ShouldStartWith("docs: Add a greeting\n\nRecords the issue");
        result.Summary.ShouldContain("with a note in README.md, docs/guide.md, notes.txt");
    }

    [Fact]
    public async Task A_later_round_answers_the_comments_of_the_review_that_rejected()
    {
        _stage.Write("README.md", "# Demo\n\nPlanned work: [Add a greeting](docs/aicd/add-a-greeting.md)\n");
        var person = new ReviewFeedback(0, "Mind the *tone*.", "ann", []);

        var result = await _stage.CodeAsync(body: "README.md", round: 2, feedback: [person, Rejection]);

        var record = result.Changes.ShouldHaveSingleItem().Content!;
        record.ShouldContain("## Answer to ann\n\n> Mind the *tone*.\n");
        record.ShouldContain("## Answer to review round 1\n\n> Not yet.\n\n- docs/aicd/add-a-greeting.md:3 (MAJOR): Say how it was verified. — answered");
        record.ShouldContain("- The change (MINOR): Too short. — answered");
        record.ShouldContain("Round 2 of job");
        result.Summary.ShouldContain("answered 3 comments in round 2");
        _stage.Progress.Turns[0].Text.ShouldContain("docs/aicd/add-a-greeting.md:3: Say how it was verified.");
    }

    [Fact]
    public async Task The_same_round_gives_the_same_change_and_another_round_another()
    {
        var first = await _stage.CodeAsync(body: "- a\n- b");
        var again = await _stage.CodeAsync(body: "- a\n- b");
        var second = await _stage.CodeAsync(body: "- a\n- b", round: 2, feedback: Rejection);

        JsonSerializer.Serialize(again).ShouldBe(JsonSerializer.Serialize(first));
        second.Changes[0].Path.ShouldBe(first.Changes[0].Path);
        second.Changes[0].Content.ShouldNotBe(first.Changes[0].Content);
    }

    [Fact]
    public async Task A_plan_of_somebody_else_is_followed()
    {
        var context = _stage.Context(Stage.Coding) with { Plan = new PlanResult("Mine", ["Step one"], ["../x"], [], "None") };

        var result = await MockStage.Agent().CodeAsync(context, TestContext.Current.CancellationToken);

        var record = result.Changes.ShouldHaveSingleItem();
        record.Path.ShouldBe("docs/aicd/add-a-greeting.md");
        record.Content!.ShouldContain("## Plan\n\nMine\n\n1. Step one\n");
    }

    [Fact]
    public async Task Files_that_are_no_text_are_left_alone()
    {
        File.WriteAllBytes(_stage.Write("binary.md", ""), [0x41, 0x00, 0x42]);
        File.WriteAllBytes(_stage.Write("latin.md", ""), [0x41, 0xE9, 0x0A]);
        _stage.Write("empty.md", "");
        _stage.Write("large.md", new string('x', 300_000));

        var result = await _stage.CodeAsync(body: "binary.md latin.md empty.md large.md");

        result.Changes.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_byte_order_mark_survives()
    {
        File.WriteAllBytes(_stage.Write("bom.md", ""), [0xEF, 0xBB, 0xBF, 0x41, 0x0A]);

        var result = await _stage.CodeAsync(body: "bom.md");

        result.Changes[1].Content!.ShouldStartWith("\uFEFFA\n\nPlanned work");
    }

    [Theory]
    [InlineData("docs")]
    [InlineData("docs/aicd")]
    [InlineData("docs/aicd/add-a-greeting.md")]
    public async Task A_link_on_the_way_to_the_record_is_refused(string link)
    {
        var path = Path.Combine(_stage.Worktree, link);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.CreateSymbolicLink(path, "/nowhere");

        var refused = await Should.ThrowAsync<StageException>(_stage.CodeAsync());

        refused.Kind.ShouldBe(FaultKind.Permanent);
        refused.Message.ShouldContain("docs/aicd/add-a-greeting.md");
    }
}
