using AiCd.Actors.Journal;
using AiCd.Host.Output;
using AiCd.Host.StoreCare.Checking;
using AiCd.Host.StoreCare.Tables;
using Microsoft.Data.Sqlite;

namespace AiCd.Host.StoreCare;

/// <summary>SQLite's own backup of a data folder's databases, in one file: one moment of each, also while a server writes to them.</summary>
internal static class SqliteBackup
{
    private static readonly byte[] Magic = "SQLite format 3\0"u8.ToArray();

    public static bool IsBackup(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[Magic.Length];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual(Magic);
    }

    /// <returns>What the copy holds, read back from it.</returns>
    public static async Task<StoreReport> WriteAsync(StoreAddress.Sqlite source, NewFile file, CancellationToken cancellationToken)
    {
        await Task.Run(() => Guard(source.File, () => Copy(source, file.Stream.Name)), cancellationToken);
        await using var tables = SqliteTables.OpenRead(file.Stream.Name, web: null);
        return await new StoreCheck(tables, store: null, pruned: true, TimeProvider.System).RunAsync(cancellationToken);
    }

    /// <summary>Makes a data folder of a backup.</summary>
    public static void Unpack(string backup, StoreAddress.Sqlite target)
    {
        File.Copy(backup, target.File);
        Guard(backup, () =>
        {
            using var web = Open(target.WebFile, SqliteOpenMode.ReadWriteCreate);
            SqliteWebTables.Take(web, target.File);
        });
    }

    private static void Copy(StoreAddress.Sqlite from, string to)
    {
        using var source = Open(from.File, SqliteOpenMode.ReadOnly);
        using var target = Open(to, SqliteOpenMode.ReadWrite);
        source.BackupDatabase(target);
        if (File.Exists(from.WebFile))
        {
            SqliteWebTables.Take(target, from.WebFile);
        }

        // One file, which can be read from where nothing may be written.
        using var command = target.CreateCommand();
        command.CommandText = "pragma journal_mode = delete";
        command.ExecuteNonQuery();
        command.CommandText = "pragma integrity_check";
        if (command.ExecuteScalar() is string found && found != "ok")
        {
            throw new JournalException($"The copy of {from.File} is damaged, and so is what it was made of: {found}", isTransient: false);
        }
    }

    private static void Guard(string from, Action work)
    {
        try
        {
            work();
        }
        catch (SqliteException error)
        {
            throw new JournalException($"The backup of {from} failed: {error.Message}", isTransient: false, error);
        }
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
