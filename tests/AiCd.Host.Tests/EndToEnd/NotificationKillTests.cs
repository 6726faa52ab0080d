using System.Text.Json;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

public sealed class NotificationKillTests : IAsyncLifetime
{
    private const string Secret = "hush-hush-hush-hush";

    private HookReceiver _hook = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hook = await HookReceiver.StartAsync(Cancelled);

    public ValueTask DisposeAsync() => _hook.DisposeAsync();

    [Fact]
    public async Task A_notification_that_was_not_taken_in_outlives_the_kill_of_its_node_and_its_secrets_are_in_no_log()
    {
        using var bench = await Workbench.CreateAsync();
        var setup = Setup.Of("Notifications:Hooks:0:Name", "chat").With("Notifications:Hooks:0:Url", _hook.Url).With("Notifications:Hooks:0:Secret", Secret)
            .With("Notifications:Backoff", "00:00:00.2").With("Notifications:LongestBackoff", "00:00:00.5").With("Notifications:Timeout", "00:00:02");
        _hook.Status = 500;
        string job;
        await using (var first = await RunningServer.StartAsync(bench.Data, setup))
        {
            await first.ReadyAsync();
            job = JsonDocument.Parse((await Aicd.RunAsync(first.Client, "submit", "--repo", bench.Repository.Location, "--issue", bench.Issue, "--json")).EnsureSuccess().Output)
                .RootElement.GetProperty("jobId").GetString()!;
            (await Aicd.RunAsync(first.Client, "watch", job)).EnsureSuccess();
            await Eventually.HoldsAsync(() => _hook.Requests.Count > 0, Cancelled);
            await first.Process.KillAsync(Cancelled);
            string.Join('\n', first.Process.Errors).ShouldNotContain(Secret);
            string.Join('\n', first.Process.Errors).ShouldNotContain("s3cr3t-path");
        }

        _hook.Status = 200;
        await using var second = await RunningServer.StartAsync(bench.Data, setup);
        await Eventually.HoldsAsync(
            () => _hook.Requests.Where(request => request.Status == 200).Select(request => request.Headers["X-AiCd-Event"]).Distinct().Count() == 2, Cancelled);

        var taken = _hook.Requests.Where(request => request.Status == 200).ToList();
        taken.Select(request => request.Headers["X-AiCd-Event"]).Distinct().ShouldBe(["PR_OPENED", "MARK_COMPLETED"], ignoreOrder: true);
        taken.Select(request => request.Headers["X-AiCd-Delivery"]).ShouldAllBe(id => id.StartsWith($"chat.{job}.", StringComparison.Ordinal));
    }
}
