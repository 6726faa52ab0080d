using System.CommandLine;
using System.CommandLine.Invocation;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Journal;
using AiCd.Actors.Runtime;
using AiCd.Host.Client;
using AiCd.Host.Output;
using Microsoft.Extensions.Options;

namespace AiCd.Host.CommandLine;

/// <summary>Parses and runs a command, and turns every way of going wrong into a message and an exit code.</summary>
internal static class CommandRunner
{
    // An @ begins a word like any other: the text of a title must not name a file to read.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(RootCommand root, string[] arguments, Screen screen)
    {
        var parsed = root.Parse(arguments, Parser);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                screen.Note($"aicd: {TerminalText.Line(error.Message)}");
            }

            screen.Note($"`{PathOf(parsed)} --help` says what is expected");
            return ExitCodes.BadInput;
        }

        using var interruption = new Interruption();
        try
        {
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, interruption.Token);
        }
        catch (Exception error)
        {
            return Report(error, screen, parsed.GetValue(SharedOptions.Verbose), interruption.Token);
        }
    }

    private static int Report(Exception error, Screen screen, bool verbose, CancellationToken interrupted)
    {
        var (exitCode, messages) = error switch
        {
            CommandException command => (command.ExitCode, [command.Message]),
            ApiException api => (api.ExitCode, [api.Message]),
            SettingsException settings => (ExitCodes.BadInput, settings.Problems),
            OptionsValidationException options => (ExitCodes.BadInput, [.. options.Failures]),
            JobQuarantinedException quarantined => (ExitCodes.JobFailed, [quarantined.Message]),
            JournalException store => (ExitCodes.Environment, [store.Message]),
            OperationCanceledException when interrupted.IsCancellationRequested => (ExitCodes.Interrupted, ["interrupted"]),
            _ => (ExitCodes.Environment, (IReadOnlyList<string>)[$"unexpected {error.GetType().Name}: {error.Message}"]),
        };
        foreach (var message in messages)
        {
            screen.Note($"aicd: {TerminalText.Line(message, maxLength: 4_000)}");
        }

        if (verbose)
        {
            screen.Note(TerminalText.Block(error.ToString()));
        }

        return exitCode;
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(at.Command.Name);
        }

        return string.Join(' ', names);
    }
}
