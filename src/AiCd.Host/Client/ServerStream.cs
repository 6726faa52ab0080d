using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Runtime;
using AiCd.Web.Streams;

namespace AiCd.Host.Client;

/// <summary>
/// A job's stream from a server: every event once, in order. Where the connection breaks or falls silent, it is made anew and goes on
/// after the last event.
/// </summary>
/// <param name="note">Told, once for every break, that the server is away.</param>
internal sealed class ServerStream(ApiClient api, JobId job, Action<string> note, TimeProvider time) : IDisposable
{
    // The server gives a sign of life every 15 s.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private HttpResponseMessage? _response;
    private StreamReader? _reader;
    private int _last;

    /// <returns>Null at the job's end.</returns>
    /// <exception cref="ApiException">The server refuses, or stays away.</exception>
    public async Task<JobSignal?> NextAsync(CancellationToken cancellationToken)
    {
        var (away, pause) = (default(long?), TimeSpan.FromMilliseconds(250));
        while (true)
        {
            try
            {
                if (_reader is null && !await ConnectAsync(cancellationToken))
                {
                    return null;
                }

                switch (await ReadAsync(cancellationToken))
                {
                    case ("end", _):
                        return null;
                    case (var name, var data) when SignalOf(name, data) is { } signal:
                        return signal;
                }
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested
                && error is IOException or HttpRequestException or TimeoutException or ApiException { IsTransient: true })
            {
                Disconnect();
                away ??= Begin(error);
                if (time.GetElapsedTime(away.Value) > Patience)
                {
                    throw error as ApiException ?? new ApiException(api.Server, $"stayed away for {Patience.TotalMinutes:0} minutes: {error.GetBaseException().Message}", error);
                }

                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    public void Dispose() => Disconnect();

    private long Begin(Exception error)
    {
        note($"Note: the stream of the server {api.Server} broke off ({error.GetBaseException().Message}); it goes on when the server is back");
        return time.GetTimestamp();
    }

    private async Task<bool> ConnectAsync(CancellationToken cancellationToken)
    {
        _response = await api.OpenStreamAsync($"jobs/{job}/stream", _last, cancellationToken);
        if (_response is null)
        {
            return false;
        }

        _reader = new StreamReader(await _response.Content.ReadAsStreamAsync(cancellationToken));
        return true;
    }

    private void Disconnect()
    {
        _reader?.Dispose();
        _response?.Dispose();
        (_reader, _response) = (null, null);
    }

    /// <summary>One message; the API's data are always one line.</summary>
    private async Task<(string Name, string Data)> ReadAsync(CancellationToken cancellationToken)
    {
        var (name, data) = ("message", "");
        while (true)
        {
            var line = await _reader!.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Silence, time, cancellationToken)
                ?? throw new IOException("the server closed it");
            if (line.Length == 0 && data.Length > 0)
            {
                return (name, data);
            }

            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line["data: ".Length..];
            }
        }
    }

    /// <returns>Null for what was there before, or is of no use here.</returns>
    private JobSignal? SignalOf(string name, string data)
    {
        try
        {
            switch (name)
            {
                case "event":
                    var e = JsonSerializer.Deserialize<StreamedEvent>(data, ApiClient.Json)!;
                    if (e.Seq <= _last)
                    {
                        return null;
                    }

                    _last = e.Seq;
                    return ServerEvents.Of(job, e.Seq, e.Event, e.State, e.At, e.Node, e.Data);
                case "progress":
                    var note = JsonSerializer.Deserialize<StreamedNote>(data, ApiClient.Json)!;
                    return new JobProgressed(job, note.Stage, note.AttemptId, note.Text);
                default:
                    return null;
            }
        }
        catch (Exception error) when (error is JsonException or CorruptEventException)
        {
            throw ServerJobs.Strange(api.Server, error);
        }
    }
}
