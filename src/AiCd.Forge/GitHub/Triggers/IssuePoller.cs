using AiCd.Actors.Hosting;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.GitHub.Triggers;

/// <summary>
/// Looks at GitHub when the node has started and every few minutes from then on. Of several nodes the one looks that takes the turn
/// first; the others would only ask for the same again.
/// </summary>
internal sealed class IssuePoller(
    EngineService engine, IssuePoll poll, IStore store, GitHubOptions options, TimeProvider time, ILogger<IssuePoller> logger) : BackgroundService
{
    private const string Turn = "github poll";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Poll || !options.HasCredentials)
        {
            return;
        }

        await engine.Started.WaitAsync(stoppingToken);
        while (engine.Node is { } node)
        {
            var pause = options.PollInterval;
            try
            {
                // Slightly less than the pause, so that a node which alone is there has its turn every time.
                var turn = await store.Pacing.TakeAsync(Turn, new PaceRule(options.PollInterval * 0.9, TimeSpan.Zero, TimeSpan.Zero), TimeSpan.Zero, stoppingToken);
                if (turn.Taken)
                {
                    await poll.RunAsync(node.Gateway, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was: the next look makes up for it, and a node does more than look.
                var wait = (e as GitHubLimitedException)?.Wait ?? (e as StageException)?.RetryAfter;
                pause = wait > pause ? wait.Value : pause;
                logger.PollFailed(pause, e);
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }
}
