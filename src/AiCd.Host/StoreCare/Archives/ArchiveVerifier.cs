using System.Security.Cryptography;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Host.Driving;
using AiCd.Host.Exports;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Archives;

/// <summary>
/// Judges the lines of a store's archive, whose chain was checked before they come here: that rows fit their tables and are all there, that
/// every artifact is what its hash says, and that every job's events come together and in order.
/// </summary>
internal sealed class ArchiveVerifier
{
    private readonly Dictionary<string, TableShape> _tables;
    private readonly SortedDictionary<string, long> _rows = new(StringComparer.Ordinal);
    private string? _at;
    private JobId _id;
    private Job? _job;
    private bool _corrupt;
    private int _seq;
    private int _jobs;
    private int _unreadable;
    private bool _ended;

    public ArchiveVerifier(JsonElement header)
    {
        _tables = ArchiveFormat.ReadHeader(header, 1).ToDictionary(table => table.Name);
        foreach (var name in _tables.Keys)
        {
            _rows.Add(name, 0);
        }
    }

    public void Add(JsonElement element, long line)
    {
        if (_ended)
        {
            throw HashChain.Broken(line, "expected nothing after the end");
        }

        switch (element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null)
        {
            case "row":
                Row(element, line);
                break;
            case "end":
                End(element, line);
                break;
            default:
                throw HashChain.Broken(line, "type: expected row or end");
        }
    }

    public ArchiveSummary Finish(long lines) => _ended
        ? new ArchiveSummary(_rows, _jobs, _unreadable)
        : throw HashChain.Broken(lines + 1, "expected the end, got the end of the file: it was cut off");

    private void Row(JsonElement element, long line)
    {
        var name = element.TryGetProperty("table", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        if (!_tables.TryGetValue(name, out var table) || (_at != name && _rows[name] > 0))
        {
            throw HashChain.Broken(line, $"table: expected one that the header names, all of its rows together, got '{name}'");
        }

        _at = name;
        _rows[name]++;
        var row = ArchiveFormat.ReadRow(table, element.GetProperty("values"), line);
        if (name == StoreTables.Artifacts)
        {
            Artifact(table, row, line);
        }
        else if (name == StoreTables.Journal)
        {
            Event(JournalTable.Read(table, row, line), line);
        }
    }

    private static void Artifact(TableShape table, object?[] row, long line)
    {
        var (given, content) = ((string)row[table.IndexOf("sha256")]!, (byte[])row[table.IndexOf("content")]!);
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != given)
        {
            throw HashChain.Broken(line, $"the artifact is not what its hash {given} says");
        }
    }

    private void Event(in JournalRow row, long line)
    {
        if (row.Job != _id || _seq == 0)
        {
            if (_seq > 0 && row.Job <= _id)
            {
                throw HashChain.Broken(line, $"expected a job after {_id}, got '{row.Job}'");
            }

            (_id, _job, _corrupt, _seq, _jobs) = (row.Job, null, false, 0, _jobs + 1);
        }

        _seq++;
        if (!_corrupt)
        {
            (_job, var corruption) = JobHistory.TryAdvance(row.Job, _job, row);
            _corrupt = corruption is not null;
            _unreadable += _corrupt ? 1 : 0;
        }
    }

    private void End(JsonElement element, long line)
    {
        _ended = true;
        foreach (var (table, count) in _rows)
        {
            if (!element.TryGetProperty("rows", out var rows) || !rows.TryGetProperty(table, out var given) || given.GetInt64() != count)
            {
                throw HashChain.Broken(line, $"rows: expected {count} of {table}, which is how many there were");
            }
        }
    }
}

/// <param name="Tables">How many rows each has.</param>
/// <param name="Unreadable">Jobs whose history could not be replayed in the store that the archive came from either.</param>
internal sealed record ArchiveSummary(IReadOnlyDictionary<string, long> Tables, int Jobs, int Unreadable)
{
    public long Rows => Tables.Values.Sum();
}
