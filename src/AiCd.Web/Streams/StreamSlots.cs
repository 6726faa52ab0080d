using System.Collections.Concurrent;
using AiCd.Web.Access;
using AiCd.Web.Problems;

namespace AiCd.Web.Streams;

/// <summary>How many streams a key holds open on this node.</summary>
internal sealed class StreamSlots(WebOptions options)
{
    private readonly ConcurrentDictionary<string, int> _open = new();

    /// <exception cref="ProblemException">The key holds as many as it may.</exception>
    public IDisposable Take(Caller caller)
    {
        if (_open.AddOrUpdate(caller.KeyId, 1, (_, open) => open + 1) > options.StreamsPerKey)
        {
            Return(caller.KeyId);
            throw new ProblemException(Problem.Of(ProblemType.TooManyRequests, $"A key may hold {options.StreamsPerKey} streams open") with { RetryAfter = 5 });
        }

        return new Slot(() => Return(caller.KeyId));
    }

    private void Return(string key) => _open.AddOrUpdate(key, 0, (_, open) => open - 1);

    private sealed class Slot(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
