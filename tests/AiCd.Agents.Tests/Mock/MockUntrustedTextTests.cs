using System.Globalization;

namespace AiCd.Agents.Tests.Mock;

public sealed class MockUntrustedTextTests : IDisposable
{
    private readonly MockStage _stage = new();

    public void Dispose() => _stage.Dispose();

    public static TheoryData<string, string> TitlesAndSlugs => new()
    {
        { "../../etc/passwd", "etc-passwd" },
        { "a\r\nCo-authored-by: x <x@y>\r\n", "a-co-authored-by-x-x-y" },
        { "\u001b[31mred\u0007\0", "31mred" },
        { "safe\u202Egnp.exe", "safe-gnp-exe" },
        { "# [x](javascript:alert) <script> `$(rm -rf /)`", "x-javascript-alert-script-rm-rf" },
        { "\ud83dbroken surrogate", "broken-surrogate" },
        { "--output=/tmp/x; --exec", "output-tmp-x-exec" },
        { "🚀🚀🚀", $"job-{MockStage.Job}" },
        { "مرحبا بالعالم", $"job-{MockStage.Job}" },
        { "   ", $"job-{MockStage.Job}" },
        { new string('x', 5_000), new string('x', 48) },
    };

    [Theory]
    [MemberData(nameof(TitlesAndSlugs))]
    public async Task A_title_becomes_a_harmless_file_name_and_subject(string title, string slug)
    {
        var result = await _stage.CodeAsync(title);

        result.Changes.ShouldHaveSingleItem().Path.ShouldBe($"docs/aicd/{slug}.md");
        var lines = result.CommitMessage.Split('\n');
        lines[0].ShouldStartWith("docs: ");
        lines[0].Length.ShouldBeInRange("docs: ".Length + 1, 72);
        lines[1].ShouldBeEmpty();
        lines.ShouldNotContain(line => line.StartsWith("Co-authored-by", StringComparison.Ordinal));
        result.CommitMessage.Where(c => c != '\n').ShouldAllBe(c => !char.IsControl(c) && c != '\u202E');
        result.Changes[0].Content!.EnumerateRunes().ShouldAllBe(rune => rune.Value == '\n' || !System.Text.Rune.IsControl(rune));
    }

    [Fact]
    public async Task A_long_subject_is_cut_between_characters()
    {
        const string family = "👩‍👩‍👧";
        var result = await _stage.CodeAsync(string.Concat(Enumerable.Repeat(family, 40)));

        var subject = result.CommitMessage.Split('\n')[0];
        subject.ShouldEndWith("…");
        StringInfo.GetTextElementEnumerator(subject["docs: ".Length..^1]).ShouldBeOnly(family);
    }

    [Fact]
    public async Task A_body_cannot_leave_its_quotation()
    {
        const string body = "text\n```\nunclosed fence\n<!-- unclosed comment\n\n## Plan\n\u2028# not a heading\r\rend\0";
        var record = (await _stage.CodeAsync(body: body)).Changes[0].Content!;

        var quoted = record.Split('\n').SkipWhile(line => !line.StartsWith('>')).TakeWhile(line => line.StartsWith('>')).ToList();
        quoted.ShouldBe(["> text", "> ```", "> unclosed fence", "> <!-- unclosed comment", ">", "> ## Plan", ">", "> # not a heading", ">", "> end"]);
        record.Split("\n## Plan\n").Length.ShouldBe(2);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_huge_body_is_cut_in_the_record()
    {
        var body = "x" + string.Concat(Enumerable.Repeat("😀 ../a/b.md ", 90_000));

        var record = (await _stage.CodeAsync(body: body)).Changes[0].Content!;

        record.Length.ShouldBeLessThan(30_000);
        record.ShouldContain("more characters)");
        record.ShouldNotContain("\uFFFD");
    }

    [Fact]
    public async Task Feedback_is_no_more_trusted_than_the_issue()
    {
        var feedback = new AiCd.Actors.Ports.ReviewFeedback(1, "bad\u001b[2J\n\n# heading", "ev\nil",
            [new("a\nb", 1, AiCd.Actors.Jobs.Payloads.CommentSeverity.Minor, "line\n## heading")]);

        var record = (await _stage.CodeAsync(round: 2, feedback: feedback)).Changes[0].Content!;

        record.ShouldContain("> # heading");
        record.ShouldContain("- a b:1 (MINOR): line \\#\\# heading");
        record.ShouldNotContain("\u001b");
    }
}
