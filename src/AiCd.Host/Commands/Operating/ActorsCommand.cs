using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Output;
using AiCd.Web.Json;
using AiCd.Web.Operations;
using Spectre.Console;

namespace AiCd.Host.Commands.Operating;

/// <summary><c>aicd actors</c>: what lives in the memory of a node.</summary>
internal static class ActorsCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private static readonly Option<bool> Top = new("--top") { Description = "Look again every second until interrupted; on a pipe once" };
    private static readonly Option<int> Limit = SharedOptions.WholeNumber("--limit", "N", 1, 10_000, 30, "How many to show");

    public static Command Create(Screen screen)
    {
        var command = new Command("actors", "Show the actors of a node: the fullest mailboxes first, and of those the oldest") { Top, Limit, JobArgument.Json, SharedOptions.Server };
        command.SetAction(async (arguments, interrupted) =>
        {
            await using var installation = await InstallationAccess.OpenAsync(screen, arguments, forChange: false, interrupted);
            var limit = arguments.GetValue(Limit);
            if (arguments.GetValue(JobArgument.Json))
            {
                Screen.Line(JsonSerializer.Serialize(await installation.ActorsAsync(limit, interrupted), WebJson.Options));
            }
            else if (arguments.GetValue(Top) && screen.IsLive)
            {
                await WatchAsync(screen, installation, limit, interrupted);
            }
            else
            {
                foreach (var line in Lines(await installation.ActorsAsync(limit, interrupted)))
                {
                    Screen.Line(line);
                }
            }

            return ExitCodes.Done;
        });
        return command.WithExamples("aicd actors", "aicd actors --top", "aicd actors --limit 5 --json");
    }

    /// <summary>Who interrupts it has seen enough: that is how it ends.</summary>
    private static Task WatchAsync(Screen screen, IInstallation installation, int limit, CancellationToken interrupted) =>
        screen.Terminal.Live(new Text("")).StartAsync(async display =>
        {
            try
            {
                while (true)
                {
                    display.UpdateTarget(new Text(string.Join('\n', Lines(await installation.ActorsAsync(limit, interrupted)))));
                    await Task.Delay(Refresh, TimeProvider.System, interrupted);
                }
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
            {
                // Interrupted, which is the only way out.
            }
        });

    private static IEnumerable<string> Lines(ActorList actors)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{actors.Total} actors on {TerminalText.Line(actors.Node)}");
        if (actors.Items.Count > 0)
        {
            yield return $"{"JOB",-16}  {"MAILBOX",7}  {"AGE",10}  {"IDLE",10}";
        }

        foreach (var actor in actors.Items)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{actor.JobId,-16}  {actor.Mailbox,7}  {actor.AgeSeconds,8:0.0} s  {actor.IdleSeconds,8:0.0} s");
        }
    }
}
