using System.Text;
using System.Text.Json.Nodes;
using AiCd.Agents.Http;
using AiCd.Agents.Models;

namespace AiCd.Agents.Cassettes;

/// <summary>
/// Records what passes, or answers from what was recorded. Requests are told apart by their normal form or by patterns; each recorded
/// answer is given once, and a request that was not recorded is an error: nothing goes out to a provider in its stead.
/// </summary>
internal sealed class CassetteHandler : DelegatingHandler
{
    private const string Type = "content-type";

    private static readonly string[] KeptHeaders = [Type, "retry-after", "request-id", "x-request-id"];

    private readonly CassetteOptions _options;
    private readonly Lock _lock = new();

    /// <summary>All of them while recording; those that were not given yet while replaying.</summary>
    private readonly List<Interaction> _interactions;
    private readonly Cassette _loaded;

    private CassetteHandler(CassetteOptions options)
    {
        // A job that was interrupted goes on in another process: what there is already is recorded on.
        _loaded = options.Mode == CassetteMode.Replay || File.Exists(options.File) ? Cassette.Load(options.File) : new Cassette(Cassette.Recorded, []);
        _options = options;
        _interactions = [.. _loaded.Interactions];
    }

    public static HttpMessageHandler Around(HttpMessageHandler transport, CassetteOptions options) =>
        options.Mode == CassetteMode.Off ? transport : new CassetteHandler(options) { InnerHandler = transport };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var secrets = RequestSecrets.Of(request);
        var sent = RequestForm.Of(request.Method.Method, request.RequestUri!.AbsolutePath, secrets.Hide(body));
        return _options.Mode == CassetteMode.Replay
            ? await Take(sent).ToResponseAsync(request, cancellationToken)
            : await RecordAsync(RequestForm.Normal(sent), secrets, request, cancellationToken);
    }

    private RecordedAnswer Take(JsonObject sent)
    {
        lock (_lock)
        {
            var form = RequestForm.Normal(sent);
            var index = _interactions.FindIndex(known =>
                JsonNode.DeepEquals(known.Request, form) || (!_loaded.IsRecorded && RequestPattern.Difference(known.Request, sent) is null));
            if (index < 0)
            {
                var next = _interactions.Count == 0
                    ? "nothing is left on it"
                    : $"the next one on it differs at {RequestPattern.Difference(_interactions[0].Request, _loaded.IsRecorded ? form : sent) ?? "request"}";
                throw new ModelException(
                    ModelFault.NotRecorded, $"{_options.File} has no answer to this request (any more), {next}: {form.ToJsonString()}", billed: false);
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
            Keep(new Interaction(form, RecordedAnswer.Nothing(AnswerEnd.Silent)));
            throw;
        }
        catch (HttpRequestException error) when (!TransportFailure.NeverAsked(error))
        {
            Keep(new Interaction(form, RecordedAnswer.Nothing(AnswerEnd.Broken)));
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
            (_loaded with { Interactions = _interactions }).Save(_options.File);
        }
    }
}
