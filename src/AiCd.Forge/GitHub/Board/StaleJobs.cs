using System.Threading.Channels;
using AiCd.Actors.Jobs;

namespace AiCd.Forge.GitHub.Board;

/// <summary>Jobs whose status is to be shown again, each once however often it changed, in the order in which they first did.</summary>
internal sealed class StaleJobs
{
    private readonly Lock _lock = new();
    private readonly HashSet<JobId> _waiting = [];
    private readonly Channel<JobId> _queue = Channel.CreateUnbounded<JobId>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(JobId job)
    {
        lock (_lock)
        {
            if (_waiting.Add(job))
            {
                _queue.Writer.TryWrite(job);
            }
        }
    }

    /// <summary>From here on a change of the job makes it stale anew.</summary>
    public async Task<JobId> TakeAsync(CancellationToken cancellationToken)
    {
        var job = await _queue.Reader.ReadAsync(cancellationToken);
        lock (_lock)
        {
            _waiting.Remove(job);
        }

        return job;
    }
}
