namespace AiCd.Host.CommandLine;

/// <summary>A command cannot go on. The message is for people and says what was expected and what was found.</summary>
internal sealed class CommandException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    public static CommandException BadInput(string message, Exception? inner = null) => new(ExitCodes.BadInput, message, inner);
}
