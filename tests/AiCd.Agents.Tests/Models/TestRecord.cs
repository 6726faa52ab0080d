using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;

namespace AiCd.Agents.Tests.Models;

/// <summary>Keeps what an agent reserves, settles and records, as a job would.</summary>
internal sealed class TestRecord : IStageRecord
{
    private readonly Lock _lock = new();
    private readonly List<RecordedTurn> _recorded = [];
    private readonly List<ReservedCall> _reserved = [];
    private readonly Dictionary<string, Usage> _settled = [];
    private readonly Queue<ReviewFeedback> _feedback = new();

    /// <summary>What earlier attempts recorded.</summary>
    public IReadOnlyList<string> Turns { get; init; } = [];

    /// <summary>In millionths of a dollar; null for none.</summary>
    public long? Budget { get; init; }

    public IReadOnlyList<RecordedTurn> Recorded => _recorded;

    public IReadOnlyList<ReservedCall> Reserved => _reserved;

    public IReadOnlyDictionary<string, Usage> Settled => _settled;

    public Usage Spent => _settled.Values.Aggregate(Usage.None, Usage.Add);

    public IReadOnlyList<string> Kinds => [.. _recorded.Select(turn => turn.Kind)];

    /// <summary>What an attempt after this one would be given.</summary>
    public TestRecord Next() => new() { Turns = [.. Turns, .. _recorded.Select(turn => turn.Json)], Budget = Budget };

    public void Say(string text) => _feedback.Enqueue(new ReviewFeedback(0, text, "a person", []));

    public Task<ReservedCall> ReserveAsync(string model, long micros, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Spent.CostMicros + micros > Budget)
            {
                throw new BudgetExhaustedException($"{micros} are too much");
            }

            _reserved.Add(new ReservedCall($"call-{_reserved.Count + 1}", model, micros));
            return Task.FromResult(_reserved[^1]);
        }
    }

    public Task SettleAsync(ReservedCall call, Usage usage)
    {
        lock (_lock)
        {
            _settled.Add(call.Id, usage);
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<ReviewFeedback>> RecordAsync(RecordedTurn turn, SpentCall? spent, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _recorded.Add(turn);
            if (spent is not null)
            {
                _settled.Add(spent.Call.Id, spent.Usage);
            }

            var news = _feedback.ToList();
            _feedback.Clear();
            return Task.FromResult<IReadOnlyList<ReviewFeedback>>(news);
        }
    }
}
