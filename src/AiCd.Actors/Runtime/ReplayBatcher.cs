using System.Threading.Channels;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime;

/// <summary>Rebuilds jobs by replay. Requests that arrive while a read is under way share the next one: few large queries, not one a job.</summary>
internal sealed class ReplayBatcher : IAsyncDisposable
{
    private const int MaxJobs = 500;

    private readonly JobReplays _replays;
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public ReplayBatcher(JobReplays replays)
    {
        _replays = replays;
        _loop = Task.Run(RunAsync);
    }

    /// <returns>Without a job and without a corruption where the journal has no such job.</returns>
    public Task<JobReplay> ReadAsync(JobId job)
    {
        var request = new Request(job, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_requests.Writer.TryWrite(request))
        {
            request.Reply.TrySetCanceled();
        }

        return request.Reply.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Request>();
        while (await _requests.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxJobs && _requests.Reader.TryRead(out var request))
            {
                batch.Add(request);
            }

            try
            {
                await ReadAsync(batch);
            }
            catch (Exception error)
            {
                // Whoever asked hears of it; the loop serves the next.
                batch.ForEach(request => request.Reply.TrySetException(error));
            }
        }
    }

    private async Task ReadAsync(List<Request> batch)
    {
        var found = new Dictionary<JobId, JobReplay>(batch.Count);
        await foreach (var replay in _replays.OfJobsAsync([.. batch.Select(request => request.Job).Distinct()], _stop.Token))
        {
            found[replay.Id] = replay;
        }

        foreach (var request in batch)
        {
            request.Reply.TrySetResult(found.GetValueOrDefault(request.Job, new JobReplay(request.Job, null, null)));
        }
    }

    private readonly record struct Request(JobId Job, TaskCompletionSource<JobReplay> Reply);
}
