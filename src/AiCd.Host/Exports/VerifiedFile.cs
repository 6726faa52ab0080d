using System.Text.Json;
using AiCd.Host.CommandLine;
using AiCd.Host.StoreCare.Archives;

namespace AiCd.Host.Exports;

/// <summary>What a file turned out to be whose every line was checked.</summary>
/// <param name="Job">For an export of a job.</param>
/// <param name="Archive">For an archive of a store.</param>
/// <param name="Missing">Artifacts that the store did not have when a job was exported.</param>
internal sealed record VerifiedFile(string Format, int Version, long Lines, string Hash, ExportSummary? Job, ArchiveSummary? Archive, int Missing)
{
    /// <exception cref="CommandException">The file is none of those that AiCd writes, or not what was written.</exception>
    public static async Task<VerifiedFile> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var lines = new ChainedLines(stream);
        var header = await lines.NextAsync(cancellationToken) ?? throw HashChain.Broken(1, "expected a header, got an empty file");
        switch (FormatOf(header))
        {
            case (JobExport.Format, JobExport.Version):
                var verifier = new JobExportVerifier(header, lines.Number);
                await foreach (var line in lines.ReadAsync(cancellationToken))
                {
                    verifier.Add(line, lines.Number);
                }

                return new(JobExport.Format, JobExport.Version, lines.Number, lines.Head, verifier.Finish(lines.Number, lines.Head), null, verifier.Missing);
            case (ArchiveFormat.Name, ArchiveFormat.Version):
                var archive = new ArchiveVerifier(header);
                await foreach (var line in lines.ReadAsync(cancellationToken))
                {
                    archive.Add(line, lines.Number);
                }

                return new(ArchiveFormat.Name, ArchiveFormat.Version, lines.Number, lines.Head, null, archive.Finish(lines.Number), 0);
            case var (format, version):
                throw HashChain.Broken(1, $"expected format {JobExport.Format} or {ArchiveFormat.Name} in version {JobExport.Version}, got '{format}' in version {version}");
        }
    }

    private static (string Format, int Version) FormatOf(JsonElement header) =>
        header.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String
        && header.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number)
            ? (format.GetString()!, number)
            : throw HashChain.Broken(1, "expected a header with format and version");
}
