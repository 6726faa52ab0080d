using System.Text.Json;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiCd.Host.Tests.Operating;

/// <summary>The executable as an assistant's editor starts it, asked by a client of the same protocol.</summary>
public sealed class McpTests(ServedJobs served) : IClassFixture<ServedJobs>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tools_say_whether_they_change_something()
    {
        await using var client = await ConnectAsync();

        var tools = await client.ListToolsAsync(cancellationToken: Cancelled);

        tools.Select(tool => tool.Name).ShouldBe(
            ["submit_job", "list_jobs", "show_job", "show_plan", "show_diff", "approve_plan", "reject_plan", "give_feedback", "cancel_job"], ignoreOrder: true);
        tools.Where(tool => tool.ProtocolTool.Annotations?.ReadOnlyHint == true).Select(tool => tool.Name).ShouldBe(["list_jobs", "show_job", "show_plan", "show_diff"], ignoreOrder: true);
        tools.ShouldAllBe(tool => tool.Description.Length > 0);
        tools.Single(tool => tool.Name == "submit_job").JsonSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString())
            .ShouldBe(["repository", "title", "body"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_issue_is_handed_over_and_its_plan_approved()
    {
        await using var client = await ConnectAsync();
        var made = await CallAsync(client, "submit_job", new()
        {
            ["repository"] = served.Repository,
            ["title"] = "Say more",
            ["body"] = "- describe `src/app.txt` in README.md",
            ["requirePlanApproval"] = true,
        });
        var job = JsonDocument.Parse(made).RootElement.GetProperty("jobId").GetString()!;
        await Eventually.HoldsAsync(async () => (await client.CallToolAsync("show_plan", new Dictionary<string, object?> { ["job"] = job }, cancellationToken: Cancelled)).IsError != true, Cancelled);

        (await CallAsync(client, "show_plan", new() { ["job"] = job })).ShouldContain("testStrategy");
        (await CallAsync(client, "give_feedback", new() { ["job"] = job, ["text"] = "mind the tests" })).ShouldContain(job);
        (await CallAsync(client, "approve_plan", new() { ["job"] = job })).ShouldContain("CODING");
        (await Aicd.RunAsync(served.Server.Client, "watch", job)).ExitCode.ShouldBe(0);

        (await CallAsync(client, "show_diff", new() { ["job"] = job })).ShouldStartWith("diff --git ");
        JsonDocument.Parse(await CallAsync(client, "show_job", new() { ["job"] = job })).RootElement.GetProperty("state").GetString().ShouldBe("COMPLETED");
        (await CallAsync(client, "list_jobs", new() { ["state"] = "COMPLETED" })).ShouldContain(job);
    }

    [Fact]
    public async Task What_is_refused_is_said_to_the_assistant()
    {
        await using var client = await ConnectAsync();

        foreach (var (tool, arguments, message) in ((string, Dictionary<string, object?>, string)[])[
            ("cancel_job", new() { ["job"] = served.Completed, ["reason"] = "no" }, $"Job {served.Completed}: "),
            ("show_job", new() { ["job"] = "zzz" }, "job: expected a job of the server"),
            ("list_jobs", new() { ["state"] = "LOST" }, "state: expected one of QUEUED, "),
            ("give_feedback", new() { ["job"] = served.Completed, ["text"] = " " }, "text: expected a text, got a blank one")])
        {
            var refused = await client.CallToolAsync(tool, arguments, cancellationToken: Cancelled);
            refused.IsError.ShouldBe(true, tool);
            TextOf(refused).ShouldContain(message);
        }
    }

    private async Task<McpClient> ConnectAsync() => await McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = "aicd",
            Command = Aicd.Executable,
            Arguments = ["mcp"],
            EnvironmentVariables = Aicd.EnvironmentOf(served.Server.Client),
        }),
        cancellationToken: Cancelled);

    private static async Task<string> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: Cancelled);
        result.IsError.ShouldNotBe(true, TextOf(result));
        return TextOf(result);
    }

    private static string TextOf(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
