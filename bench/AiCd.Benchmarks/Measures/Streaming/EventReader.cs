using System.Globalization;

namespace AiCd.Benchmarks.Measures.Streaming;

/// <summary>
/// Reads a stream as any client would, and keeps how long after its time in the journal each event was here. Events of one job must come
/// with consecutive numbers.
/// </summary>
internal sealed class EventReader
{
    private const string Awaited = "\"event\":\"PRIORITY_CHANGED\"";

    private readonly Dictionary<string, int> _last = [];
    private readonly List<double> _delays = [];
    private int _received;

    /// <summary>Events of the load that came.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>In milliseconds, of events that were recorded while it was measured; to be read when the reader has ended.</summary>
    public IReadOnlyList<double> Delays => _delays;

    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="opened">Completed when the stream is open.</param>
    /// <param name="from">From when on delays are kept.</param>
    /// <exception cref="InvalidOperationException">The stream ended, or an event is missing or doubled.</exception>
    public async Task RunAsync(HttpClient client, string path, TaskCompletionSource opened, Func<DateTimeOffset> from, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            opened.TrySetResult();
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("data: {\"type\":\"event\"", StringComparison.Ordinal))
                {
                    Take(line, TimeProvider.System.GetUtcNow(), from());
                }
            }

            throw new InvalidOperationException($"The stream {path} ended after {Received} events");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            opened.TrySetCanceled(cancellationToken);
        }
        catch (Exception error)
        {
            opened.TrySetException(error);
            throw;
        }
    }

    private void Take(string line, DateTimeOffset now, DateTimeOffset from)
    {
        var job = TextOf(line, "\"jobId\":\"", '"');
        var seq = int.Parse(TextOf(line, "\"seq\":", ','), CultureInfo.InvariantCulture);
        if (_last.TryGetValue(job, out var last) && seq != last + 1)
        {
            throw new InvalidOperationException($"After event {last} of job {job} came {seq}");
        }

        _last[job] = seq;
        if (!line.Contains(Awaited, StringComparison.Ordinal))
        {
            return;
        }

        var at = DateTimeOffset.Parse(TextOf(line, "\"at\":\"", '"'), CultureInfo.InvariantCulture);
        if (at >= from)
        {
            _delays.Add((now - at).TotalMilliseconds);
        }

        Volatile.Write(ref _received, _received + 1);
    }

    private static string TextOf(string line, string before, char end)
    {
        var start = line.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return line[start..line.IndexOf(end, start)];
    }
}
