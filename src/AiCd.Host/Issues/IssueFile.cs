using System.Text;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Issues;

/// <summary>Reads an issue's text from a file or from standard input and refuses what is no text.</summary>
internal static class IssueFile
{
    public const int MaxBytes = 1024 * 1024;
    public const string StandardInput = "-";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="CommandException">There is no such file, or it is not UTF-8 text of at most 1 MiB with something in it.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var name = path == StandardInput ? "standard input" : path;
        var bytes = await ReadBytesAsync(path, name, cancellationToken);
        if (bytes.Length > MaxBytes)
        {
            throw CommandException.BadInput($"--issue: expected at most 1 MiB of text, {name} has more");
        }

        var text = Decode(bytes, name);
        return string.IsNullOrWhiteSpace(text)
            ? throw CommandException.BadInput($"--issue: expected the text of an issue, {name} is {(bytes.Length == 0 ? "empty" : "blank")}")
            : text;
    }

    private static async Task<byte[]> ReadBytesAsync(string path, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = path == StandardInput
                ? Console.OpenStandardInput()
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[MaxBytes + 1];
            var length = await source.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return bytes[..length];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandException.BadInput($"--issue: expected a text file or - for standard input, {name} does not exist", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CommandException.BadInput(
                $"--issue: expected a text file or - for standard input, {name} {(Directory.Exists(path) ? "is a folder" : $"cannot be read: {error.Message}")}", error);
        }
    }

    private static string Decode(byte[] bytes, string name)
    {
        if (bytes.AsSpan().Contains((byte)0))
        {
            throw CommandException.BadInput($"--issue: expected text, {name} is binary (it has a NUL byte)");
        }

        try
        {
            return StrictUtf8.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw CommandException.BadInput($"--issue: expected text in UTF-8, {name} has an invalid byte at offset {error.Index}", error);
        }
    }
}
