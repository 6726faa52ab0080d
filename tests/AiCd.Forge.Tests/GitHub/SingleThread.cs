using System.Collections.Concurrent;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>
/// Runs work on one thread, so that a test knows when there is nothing left to do but to let time pass: then nothing is in flight, and
/// what is counted is the same in every run.
/// </summary>
internal sealed class SingleThread : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Work, object? State)> _queue = new();

    public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

    /// <param name="begin">Starts the work.</param>
    /// <param name="idle">Called whenever nothing can go on by itself.</param>
    public static void Run(Func<Task> begin, Action idle)
    {
        var before = Current;
        var thread = new SingleThread();
        SetSynchronizationContext(thread);
        try
        {
            var all = begin();
            while (!all.IsCompleted)
            {
                if (thread._queue.TryDequeue(out var next))
                {
                    next.Work(next.State);
                }
                else
                {
                    idle();
                }
            }

            all.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
