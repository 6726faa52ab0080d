using Microsoft.Extensions.Logging;

namespace AiCd.Agents.Sandbox;

/// <summary>Every line that the sandbox writes to the log; event ids 4100 to 4199.</summary>
internal static partial class SandboxLog
{
    [LoggerMessage(4100, LogLevel.Information, "Commands run in a sandbox: {Description}")]
    public static partial void Found(ILogger logger, string description);

    [LoggerMessage(4101, LogLevel.Warning, "There is no sandbox on this node, so no command that a model or a repository chose will be run: {Problem}. See docs/security.md")]
    public static partial void Missing(ILogger logger, string problem);

    [LoggerMessage(4102, LogLevel.Warning, "AiCd:Sandbox:Mode is None: commands that a model or a repository chose run with all that this node may do")]
    public static partial void TurnedOff(ILogger logger);
}
