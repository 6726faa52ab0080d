using System.Text;
using System.Text.Json.Nodes;
using AiCd.Agents.Http;
using AiCd.Agents.Models;

namespace AiCd.Agents.Cassettes;

/// <summary>
/// Records what passes, or answers from what was recorded. Requests are told apart by their normal form; each recorded answer is given
/// once, and a request that was not recorded is an error: nothing goes out to a provider in its stead.
/// </summary>
internal sealed class CassetteHandler : DelegatingHandler
{
    private const string Type = "content-type";

    private static readonly string[] KeptHeaders = [Type, "retry-after", "request-id", "x-request-id"];

    private readonly CassetteOptions _options;
    private readonly Lock _lock = new();

    /// <summary>All of them while recording; those that were not given yet while replaying.</summary>
    private readonly List<Interaction> _interactions;
    private readonly string _origin;

    private CassetteHandler(CassetteOptions options)
    {
        // A job that was interrupted goes on in another process: what there is already is recorded on.
        var cassette = options.Mode == CassetteMode.Replay || File.Exists(options.File) ? Cassette.Load(options.File) : new Cassette(Cassette.Recorded, []);
        _options = options;
        _origin = cassette.Origin;
        _interactions = [.. cassette.Interactions];
    }

    public static HttpMessageHandler Around(HttpMessageHandler transport, CassetteOptions options) =>
        options.Mode == CassetteMode.Off ? transport : new CassetteHandler(options) { InnerHandler = transport };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var secrets = RequestSecrets.Of(request);
        var form = RequestForm.Of(request.Method.Method, request.RequestUri!.AbsolutePath, secrets.Hide(body));
        return _options.Mode == CassetteMode.Replay
            ? await Take(form).ToResponseAsync(request, cancellationToken)
            : await RecordAsync(form, secrets, request, cancellationToken);
    }

    private RecordedAnswer Take(JsonObject form)
    {
        lock (_lock)
        {
            var index = _interactions.FindIndex(known => JsonNode.DeepEquals(known.Request, form));
            if (index < 0)
            {
                throw new ModelException(
                    ModelFault.NotRecorded, $"{_options.File} has no answer to this request (any more): {form.ToJsonString()}", billed: false);
            }

            var answer = _interactions[index].Response;
            _interactions.RemoveAt(index);
            return answer;
        }
    }

    private async Task<HttpResponseMessage> RecordAsync(
        JsonObject form, RequestSecrets secrets, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = CallFacts.Here;
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException) when (call?.WasSilent == true)
        {
            Keep(new Interaction(form, new RecordedAnswer(0, new Dictionary<string, string>(), [], AnswerEnd.Silent)));
            throw;
        }

        var status = (int)response.StatusCode;
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => KeptHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value));
        var watched = new WatchedStream(await response.Content.ReadAsStreamAsync(cancellationToken), (bytes, error) =>
        {
            // Whoever wants no answer any more has seen none that could be given again.
            if (call?.WasCutOff != true || call.WasSilent)
            {
                var text = secrets.Hide(Encoding.UTF8.GetString(bytes));
                Keep(new Interaction(form, new RecordedAnswer(status, headers, text.Split('\n'), End(call, error))));
            }
        });
        var content = new StreamContent(watched);
        foreach (var header in response.Content.Headers)
        {
            content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content = content;
        return response;
    }

    private static AnswerEnd? End(CallFacts? call, Exception? error) =>
        call?.WasSilent == true ? AnswerEnd.Silent : error is null ? null : AnswerEnd.Broken;

    private void Keep(Interaction interaction)
    {
        lock (_lock)
        {
            _interactions.Add(interaction);
            new Cassette(_origin, _interactions).Save(_options.File);
        }
    }
}
