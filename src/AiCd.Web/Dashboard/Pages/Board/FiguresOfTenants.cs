using System.Collections.Concurrent;

namespace AiCd.Web.Dashboard.Pages.Board;

/// <summary>
/// The figures of every tenant whose board is looked at, read once for all who look: they are sums over a day's jobs, and cost more than
/// all else on the page.
/// </summary>
internal sealed class FiguresOfTenants(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Reading> _readings = new();

    /// <param name="read">Not ended by who asks: others may wait for it too.</param>
    public Task<BoardFigures> ReadAsync(string tenant, Func<Task<BoardFigures>> read)
    {
        var now = time.GetTimestamp();
        var reading = _readings.AddOrUpdate(tenant, _ => new Reading(now, read), (_, last) => IsGood(last) ? last : new Reading(now, read));
        return reading.Figures;
    }

    /// <summary>Under way, or just made. A failure is nobody's but of those who waited for it.</summary>
    private bool IsGood(Reading reading) =>
        !reading.Figures.IsCompleted || (reading.Figures.IsCompletedSuccessfully && time.GetElapsedTime(reading.At) < Fresh);

    /// <summary>Begins when it is first asked for, so that one that lost the race to be kept costs nothing.</summary>
    private sealed class Reading(long at, Func<Task<BoardFigures>> read)
    {
        private readonly Lazy<Task<BoardFigures>> _figures = new(() => Task.Run(read));

        public long At { get; } = at;

        public Task<BoardFigures> Figures => _figures.Value;
    }
}
