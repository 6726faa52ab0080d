using System.CommandLine;
using AiCd.Host.CommandLine;
using AiCd.Host.CommandLine.Completion;
using AiCd.Host.Output;

namespace AiCd.Host.Commands;

/// <summary><c>aicd completion</c>: a script for the shell.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("SHELL")
    {
        Description = $"One of {string.Join(", ", CompletionScripts.Shells)}",
        CompletionSources = { _ => CompletionScripts.Shells.Select(shell => new System.CommandLine.Completions.CompletionItem(shell)) },
    };

    public static Command Create()
    {
        var command = new Command("completion", "Print a script that lets a shell complete commands, options and jobs") { Shell };
        command.SetAction(arguments =>
        {
            Screen.Line(CompletionScripts.Of(arguments.GetValue(Shell)!));
            return ExitCodes.Done;
        });
        return command.WithExamples(
            "eval \"$(aicd completion bash)\"",
            "eval \"$(aicd completion zsh)\"",
            "aicd completion fish > ~/.config/fish/completions/aicd.fish");
    }
}
