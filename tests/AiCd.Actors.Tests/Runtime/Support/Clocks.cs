using AiCd.Testing;

namespace AiCd.Actors.Tests.Runtime.Support;

internal static class Clocks
{
    /// <summary>Moves the clock from timer to timer until the task has ended; for code that waits and tries again.</summary>
    public static async Task AdvanceUntilAsync(this ManualTimeProvider time, Task task, TimeSpan step)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        while (!task.IsCompleted)
        {
            var armed = time.WaitForTimersAsync(1, done.Token);
            await await Task.WhenAny(task.ContinueWith(_ => { }, TaskScheduler.Default), armed);
            time.Advance(step);
        }

        await done.CancelAsync();
    }
}
