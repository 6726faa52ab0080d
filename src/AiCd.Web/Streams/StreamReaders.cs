using System.Collections.Immutable;
using AiCd.Actors.Jobs;

namespace AiCd.Web.Streams;

/// <summary>Who reads what, such that an event costs no look at readers of something else.</summary>
internal sealed class StreamReaders
{
    private readonly Lock _lock = new();
    private readonly Dictionary<JobId, ImmutableArray<StreamSubscription>> _ofJobs = [];
    private readonly Dictionary<string, ImmutableArray<StreamSubscription>> _ofTenants = [];
    private TaskCompletionSource _jobsAreRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The jobs that are read one by one.</summary>
    public IReadOnlyCollection<JobId> Jobs
    {
        get
        {
            lock (_lock)
            {
                return [.. _ofJobs.Keys];
            }
        }
    }

    /// <summary>Completed while there are <see cref="Jobs"/>.</summary>
    public Task JobsAreRead
    {
        get
        {
            lock (_lock)
            {
                return _jobsAreRead.Task;
            }
        }
    }

    public void Add(StreamSubscription reader)
    {
        lock (_lock)
        {
            _count++;
            if (reader.Job is { } job)
            {
                _ofJobs[job] = _ofJobs.GetValueOrDefault(job, []).Add(reader);
                _jobsAreRead.TrySetResult();
            }
            else
            {
                _ofTenants[reader.Tenant] = _ofTenants.GetValueOrDefault(reader.Tenant, []).Add(reader);
            }
        }
    }

    public void Remove(StreamSubscription reader)
    {
        lock (_lock)
        {
            if (reader.Job is { } job ? Remove(_ofJobs, job, reader) : Remove(_ofTenants, reader.Tenant, reader))
            {
                _count--;
                if (_ofJobs.Count == 0 && _jobsAreRead.Task.IsCompleted)
                {
                    _jobsAreRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }

    /// <returns>True where somebody reads the job or its tenant's jobs.</returns>
    public bool Wants(JobId job, string tenant)
    {
        lock (_lock)
        {
            return _ofJobs.ContainsKey(job) || _ofTenants.ContainsKey(tenant);
        }
    }

    public bool Wants(JobId job)
    {
        lock (_lock)
        {
            return _ofJobs.ContainsKey(job);
        }
    }

    public void Offer(StreamEvent message)
    {
        ImmutableArray<StreamSubscription> ofJob, ofTenant;
        lock (_lock)
        {
            ofJob = _ofJobs.GetValueOrDefault(message.Row.Job, []);
            ofTenant = _ofTenants.GetValueOrDefault(message.Row.Tenant, []);
        }

        Offer(ofJob, message);
        Offer(ofTenant, message);
    }

    public void Offer(JobId job, StreamNote message)
    {
        ImmutableArray<StreamSubscription> ofJob;
        lock (_lock)
        {
            ofJob = _ofJobs.GetValueOrDefault(job, []);
        }

        Offer(ofJob, message);
    }

    /// <summary>A job's readers were let in for its tenant, which the journal says too: a reader of another one gets nothing.</summary>
    private static void Offer(ImmutableArray<StreamSubscription> readers, StreamMessage message)
    {
        foreach (var reader in readers)
        {
            if (message is not StreamEvent { Row.Tenant: var tenant } || tenant == reader.Tenant)
            {
                reader.Offer(message);
            }
        }
    }

    private static bool Remove<TKey>(Dictionary<TKey, ImmutableArray<StreamSubscription>> readers, TKey key, StreamSubscription reader)
        where TKey : notnull
    {
        if (!readers.TryGetValue(key, out var all) || !all.Contains(reader))
        {
            return false;
        }

        readers[key] = all.Remove(reader);
        if (readers[key].IsEmpty)
        {
            readers.Remove(key);
        }

        return true;
    }
}
