using System.Text;

namespace AiCd.Forge.Git;

/// <param name="Bytes">Standard output, as far as the command's limit kept it.</param>
/// <param name="TotalBytes">What the process wrote in all.</param>
/// <param name="Errors">The end of standard error.</param>
internal sealed record GitOutput(int ExitCode, byte[] Bytes, long TotalBytes, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The output without the line break at its end.</summary>
    public string Line => Text.TrimEnd('\n');

    public IReadOnlyList<string> Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The parts of an output in which every part ends with NUL.</summary>
    public IReadOnlyList<string> Records => Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
