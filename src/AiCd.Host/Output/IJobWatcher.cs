using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;

namespace AiCd.Host.Output;

/// <summary>Shows a job while it is driven. Disposing ends the show before anything else is printed.</summary>
internal interface IJobWatcher : IAsyncDisposable
{
    /// <param name="job">As the event left it.</param>
    void Recorded(JobRecorded recorded, Job job);

    void Progressed(JobProgressed progressed);
}
