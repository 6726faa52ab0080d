using AiCd.Web.Dashboard.Rendering.Text;

namespace AiCd.Web.Tests.Dashboard.Rendering;

public sealed class SafeMarkdownTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("text <b onmouseover=alert(1)>bold</b>")]
    [InlineData("<svg/onload=alert(1)>")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](&#106;avascript:alert(1))")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[x](vbscript:x)")]
    [InlineData("[x][1]\n\n[1]: javascript:alert(1)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![x](javascript:alert(1))")]
    [InlineData("![x](https://tracker.example/pixel.png)")]
    [InlineData("[x](/api/v1/jobs)")]
    [InlineData("```\"><script>alert(1)</script>\ncode\n```")]
    [InlineData("| a |\n|---|\n| <script>alert(1)</script> |")]
    [InlineData("[a\" onclick=\"alert(1)](https://example.com/\"onclick=alert(1))")]
    public void Nothing_that_a_browser_would_run_or_load_remains(string markdown)
    {
        var html = SafeMarkdown.Render(markdown).Value;

        html.ShouldNotMatch("(?i)<(script|img|svg|b |iframe)");
        html.ShouldNotMatch("(?i)(href|src)=\"(?!https?://)");
        html.ShouldNotMatch("(?i)<[^>]*\\son[a-z]+\\s*=\\s*[^>\"]*[^&]\"?>");
    }

    [Fact]
    public void Links_to_the_web_open_apart_and_tell_nothing() =>
        SafeMarkdown.Render("[docs](https://example.com/a?b=c)").Value
            .ShouldBe("<p><a href=\"https://example.com/a?b=c\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">docs</a></p>\n");

    [Fact]
    public void An_image_becomes_a_link() => SafeMarkdown.Render("![shot](https://example.com/a.png)").Value.ShouldContain(">shot</a>");

    [Fact]
    public void Ordinary_markdown_is_ordinary_html()
    {
        var html = SafeMarkdown.Render("# Title\n\n- [x] done\n- **bold** `a < b`\n\n| a | b |\n|---|---|\n| 1 | 2 |").Value;

        html.ShouldContain("<h1>Title</h1>");
        html.ShouldContain("<strong>bold</strong> <code>a &lt; b</code>");
        html.ShouldContain("<td>1</td>");
    }
}
