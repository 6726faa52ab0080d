using AiCd.Web.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Notifications;

/// <summary>
/// Sends what was kept, each until it is taken in or given up. Hooks do not wait for one another. Of several nodes one sends a
/// notification; when that one dies meanwhile, another does after a while: at least once, and now and then twice.
/// </summary>
internal sealed class NotificationSender(
    INotificationStore store, HookClient client, NotificationOptions options, NotificationSignals signals, TimeProvider time, ILogger<NotificationSender> logger) : BackgroundService
{
    private const int AtOnce = 4;

    /// <summary>Beyond the longest answer: until then nobody else sends the same.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Polling = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(options.Hooks.Select(hook => RunAsync(hook, stoppingToken)));

    private async Task RunAsync(HookOptions hook, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendDueAsync(hook, stoppingToken))
                {
                }

                await signals.DueAsync(hook.Name, Polling, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // What is to be sent is stored: whatever went wrong, the next round takes it up.
                NotificationLog.SendingFailed(logger, error, hook.Name);
                await Task.Delay(Polling, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>True where there may be more at once.</returns>
    private async Task<bool> SendDueAsync(HookOptions hook, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await store.TakeNotificationsAsync(hook.Name, now, now + options.Timeout + Margin, AtOnce, cancellationToken);
        await Task.WhenAll(due.Select(notification => SendAsync(hook, notification, cancellationToken)));
        return due.Count == AtOnce;
    }

    private async Task SendAsync(HookOptions hook, Notification notification, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(hook, notification, cancellationToken);
        var now = time.GetUtcNow();
        if (answer.Taken)
        {
            await store.NotifiedAsync(notification.Id, now, answer.Text, cancellationToken);
        }
        else if (notification.Attempts >= options.Attempts)
        {
            await store.GiveUpNotificationAsync(notification.Id, now, answer.Text, cancellationToken);
            NotificationLog.GivenUp(logger, notification.Id, hook.Name, notification.Attempts, answer.Text);
        }
        else
        {
            var pause = Pause(notification.Attempts, answer.RetryAfter);
            await store.PostponeNotificationAsync(notification.Id, now + pause, answer.Text, cancellationToken);
            NotificationLog.NotTaken(logger, notification.Id, hook.Name, notification.Attempts, answer.Text, pause);
        }
    }

    private TimeSpan Pause(int attempts, TimeSpan? asked)
    {
        var pause = options.Backoff * Math.Pow(2, Math.Min(attempts - 1, 30)) * (0.8 + (0.4 * Random.Shared.NextDouble()));
        var wanted = asked > pause ? asked.Value : pause;
        return wanted < options.LongestBackoff ? wanted : options.LongestBackoff;
    }
}
