using AiCd.Actors.Budgets;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;

namespace AiCd.Actors.Stages;

/// <summary>
/// The ledger and the job's history, as one attempt may use them. The ledger comes first: what is spent counts before anything else
/// is written, and a call that the history does not have is made good by the next attempt.
/// </summary>
internal sealed class StageRecord(StageRun run, IReadOnlyList<string> turns, ILedger ledger, SpendingRules rules, TimeProvider time) : IStageRecord
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private int _heard = run.Job.Feedback.Count;

    public IReadOnlyList<string> Turns { get; } = turns;

    /// <summary>True where a later attempt may go on from what this one left.</summary>
    public bool HasTurns { get; private set; } = turns.Count > 0;

    /// <summary>
    /// Puts into the history what earlier attempts spent without having been able to say so. A call that is still open was cut off
    /// by a crash: nobody knows its price, so the whole reservation counts.
    /// </summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        foreach (var call in await ledger.FindUnjournaledAsync(run.Job.Id, cancellationToken))
        {
            var reserved = new ReservedCall(call.CallId, call.Model, call.Reserved);
            if (call.Usage is null)
            {
                await ledger.SettleAsync(call.CallId, reserved.AsUsage, cancellationToken);
            }

            await JournalAsync(Settlement(call.CallId, call.Stage, call.Model, call.Usage ?? reserved.AsUsage), cancellationToken);
        }
    }

    public async Task<ReservedCall> ReserveAsync(string model, long micros, CancellationToken cancellationToken)
    {
        var submission = run.Job.Submission;
        var call = new LedgerCall(
            Ids.NewAttempt(), run.Job.Id, submission.Tenant, submission.Repository, Money.MonthOf(time.GetUtcNow()), run.Stage, model, micros);
        var began = time.GetTimestamp();
        while (await ledger.ReserveAsync(call, await rules.LimitsOfAsync(submission, cancellationToken), cancellationToken) is Reservation.Refused refused)
        {
            if (!refused.MayFitLater || time.GetElapsedTime(began) >= rules.Patience)
            {
                // Before the job is held: whoever raises the budget must find it.
                await ledger.HoldAsync(new BudgetHold(run.Job.Id, submission.Tenant, submission.Repository, micros), cancellationToken);
                throw new BudgetExhaustedException(Money.Reason(refused));
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return new ReservedCall(call.CallId, model, micros);
    }

    public async Task SettleAsync(ReservedCall call, Usage usage)
    {
        await ledger.SettleAsync(call.Id, usage, CancellationToken.None);
        await JournalAsync(Settlement(call.Id, run.Stage, call.Model, usage), CancellationToken.None);
    }

    public async Task<IReadOnlyList<ReviewFeedback>> RecordAsync(RecordedTurn turn, SpentCall? spent, CancellationToken cancellationToken)
    {
        JobCommand.SettleUsage? usage = null;
        if (spent is not null)
        {
            await ledger.SettleAsync(spent.Call.Id, spent.Usage, CancellationToken.None);
            usage = Settlement(spent.Call.Id, run.Stage, spent.Call.Model, spent.Usage);
        }

        var artifact = NewArtifact.Text(ArtifactKinds.Turn, turn.Json, "application/json");
        var record = new JobCommand.RecordTurn(run.Attempt.Id, turn.Kind, artifact.Ref, turn.Prompt, usage) { At = time.Now() };
        Job? job;
        try
        {
            job = await run.Commands.RecordAsync(record, artifact.Content is { } content ? [content] : [], cancellationToken);
        }
        catch (SupersededException) when (usage is not null)
        {
            // The turn is nobody's any more, its price is still the job's.
            await JournalAsync(usage, CancellationToken.None);
            throw;
        }

        HasTurns = true;
        if (usage is not null && job is null)
        {
            // The turn is on its way to another node, where it may come too late to count. Its price counts in any case, and once.
            await JournalAsync(usage, CancellationToken.None);
        }
        else if (usage is not null)
        {
            await ledger.MarkJournaledAsync(usage.CallId, CancellationToken.None);
        }

        return Heard(job);
    }

    private List<ReviewFeedback> Heard(Job? job)
    {
        if (job is null || job.Feedback.Count <= _heard)
        {
            return [];
        }

        var news = job.Feedback.Skip(_heard).Select(feedback => new ReviewFeedback(feedback.Round, feedback.Text, feedback.By, [])).ToList();
        _heard = job.Feedback.Count;
        return news;
    }

    private async Task JournalAsync(JobCommand.SettleUsage usage, CancellationToken cancellationToken)
    {
        await run.Commands.SendAsync(usage, cancellationToken);
        await ledger.MarkJournaledAsync(usage.CallId, cancellationToken);
    }

    private JobCommand.SettleUsage Settlement(string callId, Stage stage, string model, Usage usage) => new(callId, stage, model, usage) { At = time.Now() };
}
