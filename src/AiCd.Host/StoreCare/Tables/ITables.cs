namespace AiCd.Host.StoreCare.Tables;

/// <summary>The rows of a store, table by table, all of one moment. One reader at a time.</summary>
internal interface ITableSource : IAsyncDisposable
{
    /// <summary>What it is, for messages.</summary>
    string Name { get; }

    /// <summary>In the order of their names.</summary>
    IReadOnlyList<TableShape> Tables { get; }

    /// <summary>The rows in the order that the shape names.</summary>
    IAsyncEnumerable<object?[]> ReadAsync(TableShape table, CancellationToken cancellationToken);

    Task<long> CountAsync(TableShape table, CancellationToken cancellationToken);
}

/// <summary>A store that is written row by row, in one transaction: all of it or nothing.</summary>
internal interface ITableTarget : ITableSource
{
    Task ClearAsync(TableShape table, CancellationToken cancellationToken);

    /// <summary>The cells are of the kinds that the shape, which is one of this target's, names.</summary>
    Task WriteAsync(TableShape table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken);

    Task CommitAsync(CancellationToken cancellationToken);
}
