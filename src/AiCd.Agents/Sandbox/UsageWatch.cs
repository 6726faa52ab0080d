using System.Globalization;

namespace AiCd.Agents.Sandbox;

/// <summary>
/// Watches what no kernel limit holds: processor time of a whole tree, disk, and memory where there is no control group for it. A
/// command is a little beyond its limit when it is caught, so the disk's free space is looked at most often.
/// </summary>
/// <param name="folders">What the command may write to on disk.</param>
/// <param name="group">Null where memory is to be watched, because no control group holds it.</param>
internal sealed class UsageWatch(SandboxOptions limits, string sweeper, IReadOnlyList<string> folders, CommandCgroup? group, TimeProvider time)
{
    private const long MiB = 1024 * 1024;

    // A measurement takes its time in a large tree: it must stay a small part of the machine's work.
    private const int RestAfterMeasuring = 10;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstMeasurement = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly long _freeAtStart = FreeSpace(folders[0]);
    private readonly long _started = time.GetTimestamp();
    private DiskUse _use = new(0, 0, true);
    private long _freeWhenMeasured = FreeSpace(folders[0]);
    private TimeSpan _nextMeasurement = FirstMeasurement;

    private long DiskLimit => limits.DiskMiB * MiB;

    public static string MemoryBreach(SandboxOptions limits) => $"it used more than {limits.MemoryMiB} MiB of memory";

    /// <returns>What the command exceeded, in words; null when it was told to stop before.</returns>
    public async Task<string?> FindBreachAsync(int process, CancellationToken stop)
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, time);
            for (var tick = 1; await timer.WaitForNextTickAsync(stop); tick++)
            {
                if (await BreachAsync(process, withProcesses: tick % 3 == 0, stop) is { } breach)
                {
                    return breach;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The command has ended.
        }

        return null;
    }

    /// <summary>A command that ended may have written faster than it was watched.</summary>
    public async Task<string?> FindLastBreachAsync(CancellationToken cancellationToken)
    {
        if (FreeSpace(folders[0]) > _freeWhenMeasured - (DiskLimit - _use.Bytes))
        {
            return null;
        }

        await MeasureAsync(cancellationToken);
        return DiskBreach();
    }

    private async Task<string?> BreachAsync(int process, bool withProcesses, CancellationToken stop)
    {
        var free = FreeSpace(folders[0]);
        if (free < limits.FreeDiskMiB * MiB && free < _freeAtStart - MiB)
        {
            return $"only {free / MiB} MiB are left on the node's disk, {limits.FreeDiskMiB} must stay free";
        }

        if (withProcesses && ProcessBreach(process) is { } breach)
        {
            return breach;
        }

        if (time.GetElapsedTime(_started) >= _nextMeasurement || free < _freeWhenMeasured - Math.Max(DiskLimit - _use.Bytes, MiB))
        {
            await MeasureAsync(stop);
        }

        return DiskBreach();
    }

    private string? ProcessBreach(int process)
    {
        if (group?.MemoryKills > 0)
        {
            // What is left of a command that lost some of its processes has no use.
            return MemoryBreach(limits);
        }

        var tree = ProcessTree.Read(process);
        return tree.Processor > limits.CpuTime ? $"it used more than {limits.CpuTime} of processor time"
            : group is null && tree.Memory > limits.MemoryMiB * MiB ? MemoryBreach(limits)
            : null;
    }

    private string? DiskBreach() =>
        _use.Bytes > DiskLimit || (!_use.IsWhole && _freeAtStart - _freeWhenMeasured > DiskLimit)
            ? string.Create(CultureInfo.InvariantCulture, $"the worktree takes {_use.Bytes / MiB} MiB on disk, {limits.DiskMiB} are allowed")
            : _use.Files > limits.Files ? $"the worktree has {_use.Files} files, {limits.Files} are allowed"
            : null;

    private async Task MeasureAsync(CancellationToken stop)
    {
        var started = time.GetTimestamp();
        _use = await DiskUse.MeasureAsync(sweeper, folders, stop);
        _freeWhenMeasured = FreeSpace(folders[0]);
        var rest = time.GetElapsedTime(started) * RestAfterMeasuring;
        _nextMeasurement = time.GetElapsedTime(_started) + (rest < FirstMeasurement ? FirstMeasurement : rest > LongestRest ? LongestRest : rest);
    }

    private static long FreeSpace(string folder) => new DriveInfo(folder).AvailableFreeSpace;
}
