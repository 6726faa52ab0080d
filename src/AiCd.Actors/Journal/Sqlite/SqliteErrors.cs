using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiCd.Actors.Journal.Sqlite;

/// <summary>The one place where errors of SQLite become those of the contracts.</summary>
internal static class SqliteErrors
{
    public static JournalException Translate(SqliteException error) =>
        new($"The store failed: {error.Message} ({error.SqliteErrorCode}/{error.SqliteExtendedErrorCode})", IsTransient(error.SqliteErrorCode), error);

    /// <summary>
    /// The log may hold the commit although its sync failed, and would be taken for good after a crash. Nothing was decided
    /// until the next read says so.
    /// </summary>
    public static JournalException TranslateCommit(SqliteException error) =>
        error.SqliteErrorCode == raw.SQLITE_IOERR
            ? new CommitUnknownException($"The disk failed while the store committed: {error.Message} ({error.SqliteExtendedErrorCode})", error)
            : Translate(error);

    public static StoreUnusableException TranslateOpening(SqliteException error, string file) => error.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT =>
            new StoreUnusableException("not_a_store", $"{file} is not a store: {error.Message}", error),
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_FULL or raw.SQLITE_IOERR =>
            new StoreUnusableException("not_writable", $"{file} cannot be opened or written: {error.Message}", error),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            new StoreUnusableException("in_use", $"{file} is locked by another program: {error.Message}", error),
        _ => new StoreUnusableException("unreachable", $"{file} cannot be opened: {error.Message}", error),
    };

    /// <summary>Whether the row is to blame, and not the store.</summary>
    public static bool RefusesRow(SqliteException error) =>
        error.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH;

    private static bool IsTransient(int code) =>
        code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_NOMEM or raw.SQLITE_INTERRUPT or raw.SQLITE_PROTOCOL;
}
