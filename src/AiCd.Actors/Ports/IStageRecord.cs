using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Ports;

/// <summary>How a stage's work asks for money, settles what it spent, and puts its turns on record. Only the job's actor records.</summary>
public interface IStageRecord
{
    /// <summary>
    /// The turns that earlier attempts of this stage entry recorded, the oldest first, if this attempt may go on from them: its
    /// worktree is as they left it.
    /// </summary>
    IReadOnlyList<string> Turns { get; }

    /// <summary>Sets money aside for one request, in every budget that it counts against.</summary>
    /// <param name="micros">More than the request can cost, in millionths of a US dollar.</param>
    /// <returns>The call, to be settled whatever comes of it.</returns>
    /// <exception cref="BudgetExhaustedException">A budget does not cover it: the job waits until it is raised.</exception>
    Task<ReservedCall> ReserveAsync(string model, long micros, CancellationToken cancellationToken);

    /// <summary>Settles a call that gave no turn. Not cancelled: what was spent was spent.</summary>
    Task SettleAsync(ReservedCall call, Usage usage);

    /// <summary>Puts a turn on record, durable when the task completes, and settles the call that gave it in the same stroke.</summary>
    /// <param name="spent">Null where the turn cost nothing.</param>
    /// <returns>What people said to the job since the attempt began, or since the last turn.</returns>
    Task<IReadOnlyList<ReviewFeedback>> RecordAsync(RecordedTurn turn, SpentCall? spent, CancellationToken cancellationToken);
}

/// <param name="Kind">In the words of whoever records it, such as <c>response</c>.</param>
/// <param name="Json">The turn in full, as <see cref="IStageRecord.Turns"/> gives it back.</param>
/// <param name="Prompt">Name and version of the prompt that begins with this turn.</param>
public sealed record RecordedTurn(string Kind, string Json, string? Prompt = null);

public sealed record ReservedCall(string Id, string Model, long Micros)
{
    /// <summary>What counts as spent where nobody knows what the call cost.</summary>
    public Usage AsUsage => Usage.None with { CostMicros = Micros };
}

public sealed record SpentCall(ReservedCall Call, Usage Usage);

/// <summary>A budget does not cover the next request.</summary>
/// <param name="reason">Names the budget, its limit, what is spent and what is needed.</param>
public sealed class BudgetExhaustedException(string reason) : Exception(reason);

/// <summary>For work that neither spends nor goes on from turns.</summary>
public sealed class NoRecord : IStageRecord
{
    public static NoRecord Instance { get; } = new();

    public IReadOnlyList<string> Turns => [];

    public Task<ReservedCall> ReserveAsync(string model, long micros, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This context has no ledger: nothing may be spent in it");

    public Task SettleAsync(ReservedCall call, Usage usage) => throw new InvalidOperationException("This context has no ledger");

    public Task<IReadOnlyList<ReviewFeedback>> RecordAsync(RecordedTurn turn, SpentCall? spent, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReviewFeedback>>([]);
}
