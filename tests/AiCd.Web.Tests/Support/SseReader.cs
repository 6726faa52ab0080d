using System.Net;
using System.Text.Json.Nodes;

namespace AiCd.Web.Tests.Support;

/// <summary>Reads server-sent events as a browser would.</summary>
internal sealed class SseReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private SseReader(HttpResponseMessage response, Stream body) => (_response, _lines) = (response, new StreamReader(body));

    public static async Task<SseReader> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        var response = await client.ResponseAsync(HttpMethod.Get, path, null, lastEventId is null ? [] : [("Last-Event-ID", lastEventId)]);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new SseReader(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <returns>Null where the stream has ended.</returns>
    public async Task<SseEvent?> ReadAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var (name, id, data) = ((string?)null, (string?)null, (string?)null);
        while (await _lines.ReadLineAsync(patience.Token) is { } line)
        {
            switch (line)
            {
                case ['i', 'd', ':', ' ', .. var value]:
                    id = value;
                    break;
                case ['e', 'v', 'e', 'n', 't', ':', ' ', .. var value]:
                    name = value;
                    break;
                case ['d', 'a', 't', 'a', ':', ' ', .. var value]:
                    data = value;
                    break;
                case "" when name is not null:
                    return new SseEvent(name, id, JsonNode.Parse(data!)!.AsObject());
            }
        }

        return null;
    }

    /// <summary>Waits for the comment that breaks a silence.</summary>
    public async Task SignOfLifeAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        string? line;
        do
        {
            line = (await _lines.ReadLineAsync(patience.Token)).ShouldNotBeNull();
        }
        while (line is not [':', ..]);
    }

    /// <summary>The next event of the name; others are passed over.</summary>
    public async Task<SseEvent> NextAsync(string name)
    {
        while (await ReadAsync() is { } e)
        {
            if (e.Name == name)
            {
                return e;
            }
        }

        throw new EndOfStreamException($"The stream ended before there was an event {name}");
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}

internal sealed record SseEvent(string Name, string? Id, JsonObject Data);
