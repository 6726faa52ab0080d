namespace AiCd.Host.StoreCare.Tables;

/// <summary>What a cell holds, whichever engine keeps it. SQLite has only the first four and keeps the others in those.</summary>
internal enum CellKind
{
    Integer,
    Text,
    Blob,
    Real,
    Boolean,
    Time,
    Uuid,
}

internal sealed record TableColumn(string Name, CellKind Kind);

/// <param name="Columns">Without those that the database computes.</param>
/// <param name="Order">The columns by which rows are read, so that every engine returns them in the same order.</param>
internal sealed record TableShape(string Name, IReadOnlyList<TableColumn> Columns, IReadOnlyList<string> Order)
{
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"Table {Name} has no column {column}");
    }
}
