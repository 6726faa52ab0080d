using System.Collections.Concurrent;

namespace AiCd.Forge.Repositories;

/// <summary>
/// One writer of a mirror's refs at a time: within this process by a semaphore, between processes by a lock on a file, which the
/// system releases when its holder dies.
/// </summary>
internal sealed class MirrorLocks(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    /// <returns>Dispose it to let the next one in.</returns>
    public async Task<IDisposable> TakeAsync(string mirror, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrAdd(mirror, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            return new Hold(gate, await OpenAsync(mirror + ".lock", cancellationToken));
        }
        catch
        {
            gate.Release();
            throw;
        }
    }

    private async Task<FileStream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process has it. The system offers no way to wait for it without a thread.
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    private sealed class Hold(SemaphoreSlim gate, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            gate.Release();
        }
    }
}
