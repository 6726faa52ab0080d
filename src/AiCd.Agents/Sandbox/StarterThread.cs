using System.Collections.Concurrent;
using System.Diagnostics;

namespace AiCd.Agents.Sandbox;

/// <summary>
/// Starts processes on one thread that lives as long as this process. A process that asked to die with its parent dies with the
/// thread that started it, and threads of the pool come and go.
/// </summary>
internal static class StarterThread
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Queue = [];

    private static readonly Lazy<Thread> Starter = new(() =>
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "aicd-sandbox-starter" };
        thread.Start();
        return thread;
    });

    /// <exception cref="System.ComponentModel.Win32Exception">The process could not be started.</exception>
    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        _ = Starter.Value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue.Add((start, started));
        return started.Task;
    }

    private static void Run()
    {
        foreach (var (start, started) in Queue.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }
}
