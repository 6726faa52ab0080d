using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace AiCd.Agents.Cassettes;

/// <summary>
/// Records what passes, or answers from what was recorded. Requests are told apart by their normal form; each recorded answer is given
/// once, and a request that was not recorded is an error: nothing goes out to a provider in its stead.
/// </summary>
internal sealed class CassetteHandler : DelegatingHandler
{
    private static readonly string[] KeptHeaders = ["retry-after", "request-id", "x-request-id"];

    private readonly CassetteOptions _options;
    private readonly Lock _lock = new();
    private readonly List<Interaction> _interactions;
    private readonly Cassette? _cassette;

    private CassetteHandler(CassetteOptions options)
    {
        _options = options;
        _cassette = options.Mode == CassetteMode.Replay ? Cassette.Load(options.File) : null;
        _interactions = [.. _cassette?.Interactions ?? []];
    }

    public static HttpMessageHandler Around(HttpMessageHandler transport, CassetteOptions options) =>
        options.Mode == CassetteMode.Off ? transport : new CassetteHandler(options) { InnerHandler = transport };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var form = RequestForm.Of(request.Method.Method, request.RequestUri!.AbsolutePath, body);
        if (_options.Mode == CassetteMode.Replay)
        {
            return Replay(form, request);
        }

        var response = await base.SendAsync(request, cancellationToken);
        await RecordAsync(form, response, cancellationToken);
        return response;
    }

    private HttpResponseMessage Replay(JsonObject form, HttpRequestMessage request)
    {
        lock (_lock)
        {
            var index = _interactions.FindIndex(known => JsonNode.DeepEquals(known.Request, form));
            if (index < 0)
            {
                throw new UnmatchedRequestException(
                    $"{_options.File} has no answer to this request (any more): {form.ToJsonString()}");
            }

            var answer = _interactions[index].Response;
            _interactions.RemoveAt(index);
            return ToResponse(answer, request);
        }
    }

    private async Task RecordAsync(JsonObject form, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => KeptHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase) || header.Key.Equals("content-type", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value));
        lock (_lock)
        {
            _interactions.Add(new Interaction(form, new RecordedAnswer((int)response.StatusCode, headers, text.Split('\n'))));
            new Cassette("recorded", _interactions).Save(_options.File);
        }

        var type = response.Content.Headers.ContentType;
        response.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        response.Content.Headers.ContentType = type;
    }

    private static HttpResponseMessage ToResponse(RecordedAnswer answer, HttpRequestMessage request)
    {
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join('\n', answer.Body))),
        };
        foreach (var (name, value) in answer.Headers)
        {
            if (name == "content-type")
            {
                response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }
}

/// <summary>A cassette is replayed and does not know the request.</summary>
public sealed class UnmatchedRequestException(string message) : InvalidOperationException(message);
