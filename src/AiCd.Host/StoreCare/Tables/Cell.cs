using System.Globalization;
using AiCd.Actors.Journal;

namespace AiCd.Host.StoreCare.Tables;

/// <summary>
/// Values of cells: <see cref="long"/>, <see cref="string"/>, bytes, <see cref="double"/>, <see cref="bool"/>, UTC <see cref="DateTime"/>,
/// <see cref="Guid"/> or null; and how one engine's becomes another's.
/// </summary>
internal static class Cell
{
    /// <exception cref="JournalException">The value has no counterpart of that kind.</exception>
    public static object? Convert(object? value, CellKind kind) => (value, kind) switch
    {
        (null, _) => null,
        (long, CellKind.Integer) or (string, CellKind.Text) or (byte[], CellKind.Blob) or (double, CellKind.Real) or (bool, CellKind.Boolean)
            or (DateTime, CellKind.Time) or (Guid, CellKind.Uuid) => value,
        (long number, CellKind.Boolean) => number != 0,
        (long number, CellKind.Real) => (double)number,
        (long milliseconds, CellKind.Time) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime,
        (bool flag, CellKind.Integer) => flag ? 1L : 0L,
        (DateTime time, CellKind.Integer) => new DateTimeOffset(time).ToUnixTimeMilliseconds(),
        (Guid id, CellKind.Text) => id.ToString(),
        (double number, CellKind.Text) => number.ToString("R", CultureInfo.InvariantCulture),
        (string text, CellKind.Real) when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        (string text, CellKind.Uuid) when Guid.TryParse(text, out var id) => id,
        _ => throw new JournalException($"A value of type {value!.GetType().Name} cannot be kept as {kind}", isTransient: false),
    };
}
