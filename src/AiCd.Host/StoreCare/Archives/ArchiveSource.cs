using System.Runtime.CompilerServices;
using AiCd.Host.Exports;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Archives;

/// <summary>An archive as a store to copy from. Its lines are vouched for every time that they are read.</summary>
internal sealed class ArchiveSource : ITableSource
{
    private readonly string _path;

    private ArchiveSource(string path, IReadOnlyList<TableShape> tables)
    {
        _path = path;
        Tables = tables;
    }

    public string Name => $"the archive {_path}";

    public IReadOnlyList<TableShape> Tables { get; }

    /// <exception cref="CommandLine.CommandException">The file is no archive.</exception>
    public static async Task<ArchiveSource> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var lines = new ChainedLines(File.OpenRead(path));
        var header = await lines.NextAsync(cancellationToken) ?? throw HashChain.Broken(1, "expected a header, got an empty file");
        return new ArchiveSource(path, ArchiveFormat.ReadHeader(header, lines.Number));
    }

    public async IAsyncEnumerable<object?[]> ReadAsync(TableShape table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lines = new ChainedLines(File.OpenRead(_path));
        await lines.NextAsync(cancellationToken);
        var begun = false;
        await foreach (var line in lines.ReadAsync(cancellationToken))
        {
            if (line.TryGetProperty("table", out var name) && name.ValueEquals(table.Name))
            {
                begun = true;
                yield return ArchiveFormat.ReadRow(table, line.GetProperty("values"), lines.Number);
            }
            else if (begun)
            {
                yield break;
            }
        }
    }

    public async Task<long> CountAsync(TableShape table, CancellationToken cancellationToken) => await ReadAsync(table, cancellationToken).LongCountAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
