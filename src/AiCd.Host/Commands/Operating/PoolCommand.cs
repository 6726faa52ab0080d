using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Output;
using AiCd.Web.Json;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Operating;

/// <summary><c>aicd pool</c>: how much of a stage runs at a time, on every node, now and after restarts.</summary>
internal static class PoolCommand
{
    private const string Pause = "pause";
    private const string Resume = "resume";

    private static readonly Argument<string> Name = new("POOL")
    {
        Description = $"One of {string.Join(", ", WireNames.All<Stage>())}",
        CompletionSources = { _ => WireNames.All<Stage>().Select(name => new CompletionItem(name)) },
    };

    private static readonly Argument<string?> Action = new("ACTION")
    {
        Description = $"{Pause}: what runs goes on, nothing new starts; {Resume}: it does again",
        Arity = ArgumentArity.ZeroOrOne,
        CompletionSources = { _ => ((string[])[Pause, Resume]).Select(action => new CompletionItem(action)) },
    };

    private static readonly Option<int> Concurrency = SharedOptions.WholeNumber("--concurrency", "N", 1, 10_000, 0, "Attempts at a time on each node [default: as it is]");
    private static readonly Option<double?> Rate = new("--rate")
    {
        HelpName = "N",
        Description = "Attempts started per second on each node, from 0.01 [default: as it is]",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= 0.01 and <= 1_000_000)
            {
                return rate;
            }

            result.AddError($"--rate: expected a number from 0.01 to 1000000, got '{text}'");
            return null;
        },
    };

    public static Command Create(Screen screen)
    {
        var command = new Command("pool", "Show or change a pool, on every node, now and after restarts")
        {
            Name, Action, Concurrency, Rate, JobArgument.Json, SharedOptions.Server, SharedOptions.Postgres,
        };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd pool CODING", "aicd pool CODING --concurrency 8 --rate 2", "aicd pool CODING pause", "aicd pool CODING resume");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var name = arguments.GetValue(Name)!;
        var stage = WireNames.TryParse<Stage>(name.ToUpperInvariant(), out var known)
            ? known
            : throw CommandException.BadInput($"POOL: expected one of {string.Join(", ", WireNames.All<Stage>())}, got '{name}'");
        var change = new PoolRequest(
            arguments.GetResult(Concurrency) is { Implicit: false } ? arguments.GetValue(Concurrency) : null, arguments.GetValue(Rate), PausedBy(arguments.GetValue(Action)));
        var changes = change != new PoolRequest();
        await using var installation = await InstallationAccess.OpenAsync(screen, arguments, changes, interrupted);
        var pools = changes ? await installation.ChangePoolAsync(stage, change, interrupted) : await installation.PoolsAsync(interrupted);
        var pool = pools.First(pool => pool.Stage == stage);
        if (arguments.GetValue(JobArgument.Json))
        {
            Screen.Line(JsonSerializer.Serialize(pool, WebJson.Options));
        }
        else
        {
            ClusterText.WritePools([pool]);
        }

        return ExitCodes.Done;
    }

    private static bool? PausedBy(string? action) => action switch
    {
        null => null,
        Pause => true,
        Resume => false,
        _ => throw CommandException.BadInput($"ACTION: expected {Pause} or {Resume}, got '{action}'"),
    };
}
