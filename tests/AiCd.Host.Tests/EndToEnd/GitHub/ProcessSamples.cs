namespace AiCd.Host.Tests.EndToEnd.GitHub;

/// <summary>The arguments of every process on the machine, and the environments of commands in a sandbox, looked at all the time.</summary>
internal sealed class ProcessSamples : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _arguments = [];
    private readonly HashSet<string> _sandboxes = [];
    private readonly Task _sampling;

    public ProcessSamples() => _sampling = Task.Run(SampleAsync);

    /// <summary>Ends the sampling.</summary>
    public async Task<(IReadOnlyCollection<string> Arguments, IReadOnlyCollection<string> Sandboxes)> TakeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        return (_arguments, _sandboxes);
    }

    public async ValueTask DisposeAsync()
    {
        await TakeAsync();
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
            {
                try
                {
                    var arguments = await File.ReadAllTextAsync(Path.Combine(process, "cmdline"), CancellationToken.None);
                    _arguments.Add(arguments);
                    if (Path.GetFileName(arguments.Split('\0')[0]) == "bwrap")
                    {
                        _sandboxes.Add(await File.ReadAllTextAsync(Path.Combine(process, "environ"), CancellationToken.None));
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // It has ended meanwhile, or is none of ours.
                }
            }

            await Task.Yield();
        }
    }
}
