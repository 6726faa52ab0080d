namespace AiCd.Host.Client;

/// <summary>
/// The messages of a stream of a server. Where the connection breaks or falls silent, it is made anew and goes on after the last
/// message that had an id.
/// </summary>
/// <param name="path">With its question mark, where it has a query; the id comes last.</param>
/// <param name="note">Told, once for every break, that the server is away.</param>
internal sealed class ServerConnection(ApiClient api, string path, Action<string> note, TimeProvider time) : IDisposable
{
    // The server gives a sign of life every 15 s.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private HttpResponseMessage? _response;
    private StreamReader? _reader;

    /// <summary>Of the last message that had one.</summary>
    public string? LastId { get; private set; }

    /// <returns>Null where there is nothing more to come.</returns>
    /// <exception cref="ApiException">The server refuses, or stays away.</exception>
    public async Task<(string Name, string Data)?> NextAsync(CancellationToken cancellationToken)
    {
        var (away, pause) = (default(long?), TimeSpan.FromMilliseconds(250));
        while (true)
        {
            try
            {
                return _reader is null && !await ConnectAsync(cancellationToken) ? null : await ReadAsync(cancellationToken);
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
        var resume = LastId is { } last ? $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lastEventId={Uri.EscapeDataString(last)}" : "";
        _response = await api.OpenStreamAsync(path + resume, cancellationToken);
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
        var (name, data, id) = ("message", "", (string?)null);
        while (true)
        {
            var line = await _reader!.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Silence, time, cancellationToken)
                ?? throw new IOException("the server closed it");
            if (line.Length == 0 && data.Length > 0)
            {
                LastId = id ?? LastId;
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
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line["id: ".Length..];
            }
        }
    }
}
