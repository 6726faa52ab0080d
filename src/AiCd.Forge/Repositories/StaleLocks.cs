using System.Text;
using AiCd.Actors.Ports;
using AiCd.Forge.Git;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.Repositories;

/// <summary>
/// Lock files that a killed git left in a mirror. Every process that locks refs of a mirror is started under the mirror's own
/// lock, so whoever holds that may delete them, once no process of an earlier holder is alive any more.
/// </summary>
internal sealed class StaleLocks(TimeProvider clock, ILogger<StaleLocks> logger)
{
    private const string Processes = "/proc";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly EnumerationOptions Deep = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    /// <exception cref="StageException">A git process of an earlier holder is still at work.</exception>
    public async Task ClearAsync(string mirror, CancellationToken cancellationToken)
    {
        var locks = Find(mirror);
        if (locks.Count == 0)
        {
            return;
        }

        await WaitForWritersAsync(mirror, cancellationToken);
        foreach (var file in locks)
        {
            logger.StaleLockDeleted(file);
            File.Delete(file);
        }
    }

    private static List<string> Find(string mirror) =>
    [
        .. Directory.EnumerateFiles(mirror, "*.lock"),
        .. Directory.EnumerateFiles(Path.Combine(mirror, "refs"), "*.lock", Deep),
        .. Directory.EnumerateFiles(Path.Combine(mirror, "objects", "info"), "*.lock", Deep),
    ];

    private async Task WaitForWritersAsync(string mirror, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (HasWriter(mirror))
        {
            if (clock.GetElapsedTime(started) > Patience)
            {
                throw new StageException(FaultKind.Transient, "mirror_busy",
                    $"A git process that an earlier run started still works on {mirror}");
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    private static bool HasWriter(string mirror)
    {
        var mark = Encoding.UTF8.GetBytes($"{GitEnvironment.WriterMark}={mirror}\0");
        return Directory.Exists(Processes) && Directory.EnumerateDirectories(Processes)
            .Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]))
            .Any(process => EnvironmentOf(process).AsSpan().IndexOf(mark) >= 0);
    }

    private static byte[] EnvironmentOf(string process)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(process, "environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is another user's and so none of ours.
            return [];
        }
    }
}
