using System.Text;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tools;

/// <summary>
/// Reads and writes files of the worktree from within the sandbox: what a command left there, links above all, leads no further than
/// the command itself could go.
/// </summary>
internal sealed class Worktree(ISandbox sandbox, string path, bool writable)
{
    public const int MaxFileBytes = 2 * 1024 * 1024;

    private const string ReadScript = """
        if [ -d "$1" ]; then echo folder; ls -1Ap -- "$1"
        elif [ -f "$1" ]; then echo file; head -c "$2" -- "$1" | base64 -w 0
        elif [ -e "$1" ]; then echo other
        else echo missing; fi
        """;

    private const string WriteScript = """
        set -e
        mkdir -p -- "$(dirname -- "$1")"
        base64 -d > "$1"
        """;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="relative">As <see cref="WorktreePath"/> gives it.</param>
    public async Task<WorktreeEntry> ReadAsync(string relative, CancellationToken cancellationToken)
    {
        var result = await sandbox.RunAsync(
            Command([ReadScript, "read", Local(relative), $"{MaxFileBytes + 1}"]) with { Writable = false, OutputLimit = MaxFileBytes * 2 },
            cancellationToken);
        var end = result.StandardOutput.IndexOf('\n', StringComparison.Ordinal);
        if (!result.Succeeded || result.OutputCut || end < 0)
        {
            throw new ToolException($"{relative} could not be read: {Reason(result)}");
        }

        var content = result.StandardOutput[(end + 1)..];
        return result.StandardOutput[..end] switch
        {
            "folder" => new WorktreeEntry.Folder(content),
            "file" => Decode(Convert.FromBase64String(content.Trim())),
            "missing" => new WorktreeEntry.Missing(),
            _ => new WorktreeEntry.Unreadable("it is neither a file nor a folder"),
        };
    }

    public async Task WriteAsync(string relative, string text, CancellationToken cancellationToken)
    {
        var result = await sandbox.RunAsync(
            Command([WriteScript, "write", Local(relative)]) with { Writable = writable, Input = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) },
            cancellationToken);
        if (!result.Succeeded)
        {
            throw new ToolException($"{relative} could not be written: {Reason(result)}");
        }
    }

    private static string Local(string relative) => relative.Length == 0 ? "." : "./" + relative;

    private static string Reason(SandboxResult result) =>
        result.End == SandboxEnd.Exited && result.Output.Trim() is { Length: > 0 } output ? output : result.Note ?? $"{result.End}, exit code {result.ExitCode}";

    private static WorktreeEntry Decode(byte[] bytes)
    {
        if (bytes.Length > MaxFileBytes)
        {
            return new WorktreeEntry.Unreadable($"it has more than {MaxFileBytes} bytes");
        }

        try
        {
            return bytes.Contains((byte)0)
                ? new WorktreeEntry.Unreadable("it is not text")
                : new WorktreeEntry.TextFile(StrictUtf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return new WorktreeEntry.Unreadable("it is not text in UTF-8");
        }
    }

    private SandboxCommand Command(IEnumerable<string> script) =>
        new() { Worktree = path, Arguments = ["bash", "-c", .. script], Timeout = Patience };
}

internal abstract record WorktreeEntry
{
    /// <param name="Listing">A name a line, folders with a slash behind them.</param>
    internal sealed record Folder(string Listing) : WorktreeEntry;

    /// <param name="Text">With its byte order mark and line ends as they are.</param>
    internal sealed record TextFile(string Text) : WorktreeEntry;

    internal sealed record Missing : WorktreeEntry;

    internal sealed record Unreadable(string Why) : WorktreeEntry;
}
