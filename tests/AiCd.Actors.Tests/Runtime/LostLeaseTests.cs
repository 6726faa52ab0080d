using AiCd.Actors.Runtime;
using AiCd.Actors.Stages;
using AiCd.Actors.Tests.Journal;
using Microsoft.Extensions.Logging;

namespace AiCd.Actors.Tests.Runtime;

public sealed class LostLeaseTests : PostgresTestBase
{
    private const int JoinFailed = 1014;

    [Fact]
    public async Task A_node_that_lost_its_lease_and_cannot_join_anew_still_ends_in_good_order()
    {
        await using var store = await OpenAsync();
        var options = new EngineOptions { Lease = TimeSpan.FromSeconds(2), Renewal = TimeSpan.FromMilliseconds(500), EffectTimeout = TimeSpan.FromSeconds(1) };
        var log = new SignallingLogger();
        var node = await EngineNode.StartAsync(store, new NoWork(), options, recover: true, TimeProvider.System, log, Token);
        await ExecuteAsync("alter table nodes rename to elsewhere");
        await log.WaitAsync(JoinFailed);

        await Should.NotThrowAsync(async () => await node.DisposeAsync());
    }

    private sealed class NoWork : IStageWork
    {
        public Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken) => throw new InvalidOperationException("There is none");
    }

    private sealed class SignallingLogger : ILogger<EngineNode>
    {
        private readonly Dictionary<int, TaskCompletionSource> _signals = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            SignalOf(eventId.Id).TrySetResult();

        public Task WaitAsync(int eventId) => SignalOf(eventId).Task.WaitAsync(TimeSpan.FromSeconds(60), Token);

        private TaskCompletionSource SignalOf(int eventId)
        {
            lock (_signals)
            {
                return _signals.TryGetValue(eventId, out var signal)
                    ? signal
                    : _signals[eventId] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
