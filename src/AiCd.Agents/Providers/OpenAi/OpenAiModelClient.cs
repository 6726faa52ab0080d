using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AiCd.Agents.Configuration;
using AiCd.Agents.Http;
using AiCd.Agents.Models;
using Microsoft.Extensions.Options;
using OpenAI;

namespace AiCd.Agents.Providers.OpenAi;

/// <summary>Chat Completions, through the provider's own library: the protocol that compatible servers speak too.</summary>
internal sealed class OpenAiModelClient : IModelClient
{
    public const string Name = "openai";

    private readonly OpenAiOptions _options;
    private readonly ModelHttp _http;
    private readonly TimeProvider _time;
    private readonly OpenAIClient _client;

    public OpenAiModelClient(IOptions<OpenAiOptions> options, ModelHttp http, TimeProvider time)
    {
        _options = options.Value;
        _http = http;
        _time = time;
        var settings = new OpenAIClientOptions
        {
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            Transport = new HttpClientPipelineTransport(http.Client),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        if (_options.BaseUrl is { Length: > 0 } url)
        {
            settings.Endpoint = new Uri(url);
        }

        // The library asks for a key; servers that need none do not look at it.
        _client = new OpenAIClient(new ApiKeyCredential(_options.ApiKey is { Length: > 0 } key ? key : "none"), settings);
    }

    public string Provider => Name;

    public async Task<ModelResponse> CompleteAsync(ModelRequest request, Action<string> onText, CancellationToken cancellationToken)
    {
        Credentials.Require(_options, _http, OpenAiOptions.Section, "OPENAI_API_KEY");
        using var silence = new Silence(request.Timeout, _time, cancellationToken);
        var facts = CallFacts.Begin(silence);
        var answer = new OpenAiAnswer();
        try
        {
            var updates = _client.GetChatClient(request.Model).CompleteChatStreamingAsync(
                OpenAiRequest.Messages(request), OpenAiRequest.Options(request, _options), silence.Token);
            await foreach (var update in updates)
            {
                silence.Broken();
                answer.Add(update, onText);
            }

            return answer.ToResponse();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && silence.Expired)
        {
            throw new ModelException(ModelFault.TimedOut, $"{Name} was silent for {request.Timeout}", billed: true);
        }
        catch (ClientResultException error) when (error.Status != 0)
        {
            throw Credentials.Hide(_options, OpenAiErrors.Translate(error, facts));
        }
        catch (Exception error) when (error is ClientResultException or HttpRequestException or IOException or JsonException or FormatException or InvalidOperationException)
        {
            throw Credentials.Hide(_options, TransportErrors.Translate(Name, error));
        }
    }
}
