using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Steering;

/// <summary>Makes jobs and gives them commands, by a server or in a store. A job that refuses is a <see cref="CommandException"/>.</summary>
internal interface IJobControl : IAsyncDisposable
{
    /// <param name="job">A job's id or a unique beginning of it.</param>
    Task<JobId> FindAsync(string job, CancellationToken interrupted);

    Task<MadeJob> SubmitAsync(JobOrder order, CancellationToken interrupted);

    /// <summary>Makes a job that goes on from the stage in which this one ended, or gives the one that is at it.</summary>
    Task<MadeJob> RetryAsync(JobId job, CancellationToken interrupted);

    /// <param name="seq">The last event that counts; null for the last there is.</param>
    /// <param name="agent">Null for the same.</param>
    Task<MadeJob> ForkAsync(JobId job, int? seq, string? agent, CancellationToken interrupted);

    Task<SteeredJob> CancelAsync(JobId job, string reason, CancellationToken interrupted);

    /// <param name="plan">Hash of the plan that is meant; null for the one that waits.</param>
    Task<SteeredJob> ApproveAsync(JobId job, string? plan, CancellationToken interrupted);

    Task<SteeredJob> RejectAsync(JobId job, string reason, CancellationToken interrupted);

    Task<SteeredJob> FeedbackAsync(JobId job, string text, CancellationToken interrupted);

    /// <summary>Sets the limit of one of the job's budgets, and lets every job go on that waits for money which is there now.</summary>
    Task<BudgetResponse> SetBudgetAsync(JobId job, BudgetRequest request, CancellationToken interrupted);
}

/// <summary>A job as a command left it.</summary>
/// <param name="Seq">Of its last event.</param>
internal sealed record SteeredJob(JobId JobId, JobState State, int Seq);

/// <param name="Created">False where the job was there already.</param>
/// <param name="Settled">False where it is durable on its way to the node that owns it.</param>
/// <param name="Parent">The job that it goes on from.</param>
internal sealed record MadeJob(JobId JobId, bool Created, bool Settled, JobId? Parent = null);
