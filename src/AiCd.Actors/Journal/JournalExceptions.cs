namespace AiCd.Actors.Journal;

/// <summary>The store failed. <see cref="IsTransient"/> says whether the same call may succeed later.</summary>
public class JournalException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    public bool IsTransient { get; } = isTransient;
}

/// <summary>A commit was sent and its answer never came: it may have happened or not.</summary>
public sealed class CommitUnknownException(string message, Exception? inner = null) : JournalException(message, isTransient: true, inner);

/// <summary>The store cannot be used as it is: another process holds it, it is newer than this program, or it cannot be written.</summary>
public sealed class StoreUnusableException(string code, string message, Exception? inner = null)
    : JournalException(message, isTransient: false, inner)
{
    /// <summary>Stable and lower case: <c>in_use</c>, <c>newer_version</c>, <c>older_version</c>, <c>not_writable</c>, <c>not_a_store</c>, <c>not_found</c>, <c>unreachable</c>, <c>too_old</c>.</summary>
    public string Code { get; } = code;
}
