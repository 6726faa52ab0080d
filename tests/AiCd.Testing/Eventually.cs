using System.Runtime.CompilerServices;

namespace AiCd.Testing;

/// <summary>Waits for what sends no signal: other processes, files that they write. For everything else, wait on a signal.</summary>
public static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns as soon as the condition holds; fails, quoting it, if it does not within <see cref="Patience"/>.</summary>
    public static Task HoldsAsync(
        Func<bool> condition,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string description = "") =>
        HoldsAsync(() => Task.FromResult(condition()), cancellationToken, description);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, CancellationToken, string)"/>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string description = "")
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Did not come to hold within {Patience}: {description}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
