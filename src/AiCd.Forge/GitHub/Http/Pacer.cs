using System.Collections.Concurrent;
using AiCd.Actors.Journal;

namespace AiCd.Forge.GitHub.Http;

/// <summary>
/// Keeps to GitHub's limits over all nodes. Turns and holds live in the store, so what one node was told, every other obeys; within a
/// node the writes to one installation go one after the other.
/// </summary>
internal sealed class Pacer(Func<IPacing> store, GitHubOptions options, TimeProvider time)
{
    /// <summary>Whoever would wait longer for a turn takes none: a job waits better in its queue.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Asked for late: a repository may be named before the store is open.
    private readonly Lazy<IPacing> _pacing = new(store, LazyThreadSafetyMode.PublicationOnly);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _writers = new(StringComparer.Ordinal);

    /// <summary>
    /// A fifth of the hour's content may come at once and the rest evenly: together never more than the hour allows, in any hour.
    /// </summary>
    private PaceRule Content { get; } = options.ContentPerHour == 0
        ? new PaceRule(options.WriteSpacing, TimeSpan.Zero, TimeSpan.Zero)
        : HourlyRule(options.WriteSpacing, options.ContentPerHour);

    private PaceRule Write { get; } = new(options.WriteSpacing, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Completes when the turn has come.</summary>
    /// <exception cref="GitHubLimitedException">It would come too late.</exception>
    public async Task TakeTurnAsync(string key, GitHubRequest request, CancellationToken cancellationToken)
    {
        var turn = await _pacing.Value.TakeAsync(key, request.MakesContent ? Content : Write, Patience, cancellationToken);
        if (!turn.Taken)
        {
            throw new GitHubLimitedException(request.Name, turn.Wait);
        }

        if (turn.Wait > TimeSpan.Zero)
        {
            await Task.Delay(turn.Wait, time, cancellationToken);
        }
    }

    /// <exception cref="GitHubLimitedException">GitHub asked for a pause that still lasts.</exception>
    public async Task RequireFreeAsync(string key, GitHubRequest request, CancellationToken cancellationToken)
    {
        var held = await _pacing.Value.HeldForAsync(key, cancellationToken);
        if (held > TimeSpan.Zero)
        {
            throw new GitHubLimitedException(request.Name, held);
        }
    }

    public Task HoldAsync(string key, TimeSpan duration) => _pacing.Value.HoldAsync(key, duration, CancellationToken.None);

    /// <returns>Dispose it to let the next writer in.</returns>
    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        var gate = _writers.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        return new Passage(gate);
    }

    internal static PaceRule HourlyRule(TimeSpan spacing, int perHour)
    {
        var burst = Math.Max(1, perHour / 5);
        var cost = TimeSpan.FromHours(1) / Math.Max(1, perHour - burst);
        return new PaceRule(spacing, cost, cost * (burst - 1));
    }

    private sealed class Passage(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
