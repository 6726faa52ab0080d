using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AiCd.Agents.Sandbox;

/// <summary>What folders take on disk. A hard link counts once, a file with holes as much as it has, a link is not followed.</summary>
/// <param name="IsWhole">False where a folder could not be looked into.</param>
internal sealed record DiskUse(long Bytes, long Files, bool IsWhole)
{
    private const int BlockSize = 512;

    /// <param name="sweeper">GNU find, which no depth and no odd name can trip up.</param>
    public static async Task<DiskUse> MeasureAsync(string sweeper, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(sweeper, ["-P", .. folders, "-xdev", "-printf", "%b %n %i\\n"])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.ASCII,
        };
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C";
        using var process = await StarterThread.StartAsync(start);
        try
        {
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            var (blocks, files) = await SumAsync(process.StandardOutput, cancellationToken);
            await errors;
            await process.WaitForExitAsync(cancellationToken);
            return new DiskUse(blocks * BlockSize, files, process.ExitCode == 0);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static async Task<(long Blocks, long Files)> SumAsync(TextReader lines, CancellationToken cancellationToken)
    {
        long blocks = 0, files = 0;
        var linked = new HashSet<string>(StringComparer.Ordinal);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            var fields = line.Split(' ');
            files++;
            blocks += fields[1] == "1" || linked.Add(fields[2]) ? long.Parse(fields[0], CultureInfo.InvariantCulture) : 0;
        }

        return (blocks, files);
    }
}
