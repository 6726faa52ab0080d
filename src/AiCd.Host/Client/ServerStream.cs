using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Runtime;
using AiCd.Web.Streams;

namespace AiCd.Host.Client;

/// <summary>A job's stream from a server: every event once, in order.</summary>
/// <param name="note">Told, once for every break, that the server is away.</param>
internal sealed class ServerStream(ApiClient api, JobId job, Action<string> note, TimeProvider time) : IDisposable
{
    private readonly ServerConnection _connection = new(api, $"jobs/{job}/stream", note, time);
    private int _last;

    /// <returns>Null at the job's end.</returns>
    /// <exception cref="ApiException">The server refuses, or stays away.</exception>
    public async Task<JobSignal?> NextAsync(CancellationToken cancellationToken)
    {
        while (await _connection.NextAsync(cancellationToken) is var (name, data) && name != "end")
        {
            if (SignalOf(name, data) is { } signal)
            {
                return signal;
            }
        }

        return null;
    }

    public void Dispose() => _connection.Dispose();

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
