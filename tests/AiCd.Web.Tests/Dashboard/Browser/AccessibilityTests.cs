using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiCd.Web.Tests.Dashboard.Browser;

[Collection(nameof(BrowserPages))]
public sealed class AccessibilityTests(BrowserFixture browser)
{
    private const int Phone = 390;
    private const int HalfOfDesk = 640;

    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Axe_finds_nothing_on_any_page(bool dark)
    {
        var page = await browser.OpenAsync("/", dark: dark);
        var found = new List<string>();
        foreach (var (name, path) in Pages())
        {
            await page.GotoAsync(path);
            await Expect(page.Locator("h1").First).ToBeVisibleAsync();
            await Expect(page.Locator("main .spinner")).ToHaveCountAsync(0);
            var result = await page.RunAxe(Rules);
            found.AddRange(result.Violations.Select(violation => $"{name}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
            await BrowserFixture.KeepAsync(page, $"{name}-{(dark ? "dark" : "light")}");
        }

        found.ShouldBeEmpty();
        await page.Context.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Axe_finds_nothing_on_the_sign_in_page(bool dark)
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
        await page.GotoAsync("/?problem=key");
        (await page.RunAxe(Rules)).Violations.Select(violation => violation.Id).ShouldBeEmpty();
        await BrowserFixture.KeepAsync(page, $"sign-in-{(dark ? "dark" : "light")}");
    }

    [Fact]
    public async Task No_page_scrolls_sideways_on_a_phone_or_at_twice_the_size()
    {
        var page = await browser.OpenAsync("/", width: Phone, height: 844);
        foreach (var (name, path) in Pages())
        {
            await page.GotoAsync(path);
            await Expect(page.Locator("h1").First).ToBeVisibleAsync();
            await Expect(page.Locator("main .spinner")).ToHaveCountAsync(0);
            await BrowserFixture.KeepAsync(page, $"{name}-phone");
            foreach (var width in new[] { Phone, HalfOfDesk })
            {
                await page.SetViewportSizeAsync(width, 844);
                (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, name);
            }

            await page.SetViewportSizeAsync(Phone, 844);
        }

        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Help_opens_and_closes_by_keyboard_and_events_are_walked()
    {
        var page = await browser.OpenAsync($"/jobs/{browser.Done}");
        await Expect(page.Locator(".timeline .event").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keyboard-help")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#keyboard-help")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("[");
        await Expect(page.Locator(".scrubber")).ToContainTextAsync("The job as it was");
        await page.Keyboard.PressAsync("]");
        await Expect(page.Locator(".scrubber")).Not.ToContainTextAsync("The job as it was");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("b");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Board");
        await page.Context.DisposeAsync();
    }

    private IEnumerable<(string Name, string Path)> Pages() =>
    [
        ("board", "/"), ("jobs", "/jobs"), ("nothing", "/jobs?text=nothingmatches"), ("new", "/new"), ("job", $"/jobs/{browser.Done}"), ("diff", $"/jobs/{browser.Hostile}?tab=diff"),
        ("review", $"/jobs/{browser.Hostile}?tab=review"), ("checks", $"/jobs/{browser.Hostile}?tab=checks"), ("transcript", $"/jobs/{browser.Hostile}?tab=transcript"),
        ("events", $"/jobs/{browser.Done}?tab=events"), ("cluster", "/cluster"), ("keys", "/keys"), ("webhooks", "/webhooks"), ("audit", "/audit"), ("missing", "/no-such-page"),
    ];
}
