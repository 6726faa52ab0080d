using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>The one place where errors of PostgreSQL and of the way to it become those of the contracts.</summary>
internal static class PostgresErrors
{
    public const string ShardsLost = "AC001";
    public const string ClaimHeld = "AC002";
    public const string AlreadyHandled = "AC003";

    /// <summary>For everything but the answer to an append.</summary>
    public static JournalException Translate(NpgsqlException error) => error is PostgresException answer
        ? new JournalException($"The database refused: {answer.MessageText} ({answer.SqlState})", IsTransient(answer), error)
        : new JournalException($"The database cannot be reached: {error.Message}", isTransient: true, error);

    /// <summary>
    /// Whether the server itself says that the statement was undone. Any other end leaves open what became of it: a connection
    /// that broke, and a server (or a proxy in its name) that says farewell, as it may do just after it committed.
    /// </summary>
    public static bool WasUndone(NpgsqlException error) => error is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether the row is to blame, and not the store: its value, its uniqueness, or its size.</summary>
    public static bool RefusesRow(PostgresException error) =>
        error.SqlState == AlreadyHandled
        || error.SqlState.StartsWith("22", StringComparison.Ordinal)
        || error.SqlState.StartsWith("23", StringComparison.Ordinal)
        || error.SqlState == PostgresErrorCodes.ProgramLimitExceeded;

    public static StoreUnusableException TranslateOpening(NpgsqlException error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } answer =>
            new StoreUnusableException("not_writable", $"The database takes no writes: {answer.MessageText}", error),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } answer =>
            new StoreUnusableException("not_writable", $"The role may not make or use the store's tables: {answer.MessageText}", error),
        PostgresException answer =>
            new StoreUnusableException("unreachable", $"The database cannot be used: {answer.MessageText} ({answer.SqlState})", error),
        _ => new StoreUnusableException("unreachable", $"The database cannot be reached: {error.Message}", error),
    };

    private static bool IsTransient(PostgresException error) => error.IsTransient || error.SqlState is
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
        or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
        or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.DiskFull or PostgresErrorCodes.IoError
        or PostgresErrorCodes.ReadOnlySqlTransaction;
}
