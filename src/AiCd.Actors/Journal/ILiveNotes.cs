using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>
/// What running attempts say, on its way to readers at other nodes. It is no history: written only while somebody reads, kept for
/// minutes, and whoever misses something finds it in the transcript when the attempt has ended.
/// </summary>
public interface ILiveNotes
{
    /// <summary>Makes the notes readable, in this order.</summary>
    /// <param name="incarnation">Where they were said.</param>
    Task WriteAsync(string incarnation, IReadOnlyList<LiveNote> notes, CancellationToken cancellationToken);

    /// <returns>The number of the last note that is there, of whichever job: who begins to read begins after it.</returns>
    Task<long> EndAsync(CancellationToken cancellationToken);

    /// <param name="after">The jobs, each with the number of the last note of it that was read.</param>
    /// <param name="except">The incarnation whose notes are left out: the reader's own node hears those as they are said.</param>
    /// <returns>The oldest of the notes that follow.</returns>
    Task<IReadOnlyList<NumberedNote>> ReadAsync(IReadOnlyDictionary<JobId, long> after, string except, int limit, CancellationToken cancellationToken);

    /// <summary>Removes what is older, whoever wrote it.</summary>
    Task RemoveAsync(TimeSpan age, CancellationToken cancellationToken);
}

/// <param name="Role">Who speaks in the transcript; null where the attempt only says what it does.</param>
public sealed record LiveNote(JobId Job, Stage Stage, string AttemptId, string? Role, string Text)
{
    /// <summary>Of a longer text its beginning is passed on.</summary>
    public const int MaxText = 20_000;

    public string Text { get; } = Text.Length > MaxText ? Text[..MaxText] + "…" : Text;
}

public readonly record struct NumberedNote(long Number, LiveNote Note);

/// <summary>For an engine whose readers are all at the node that drives the jobs.</summary>
public sealed class NoLiveNotes : ILiveNotes
{
    public static NoLiveNotes Instance { get; } = new();

    public Task WriteAsync(string incarnation, IReadOnlyList<LiveNote> notes, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<long> EndAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<IReadOnlyList<NumberedNote>> ReadAsync(IReadOnlyDictionary<JobId, long> after, string except, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<NumberedNote>>([]);

    public Task RemoveAsync(TimeSpan age, CancellationToken cancellationToken) => Task.CompletedTask;
}
