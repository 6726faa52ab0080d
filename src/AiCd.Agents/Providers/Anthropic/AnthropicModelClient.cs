using AiCd.Agents.Configuration;
using AiCd.Agents.Http;
using AiCd.Agents.Models;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Providers.Anthropic;

/// <summary>The Messages API, through the provider's own library.</summary>
internal sealed class AnthropicModelClient : IModelClient, IDisposable
{
    public const string Name = "anthropic";

    private readonly AnthropicOptions _options;
    private readonly ModelHttp _http;
    private readonly TimeProvider _time;
    private readonly AnthropicClient _client;

    public AnthropicModelClient(IOptions<AnthropicOptions> options, ModelHttp http, TimeProvider time)
    {
        _options = options.Value;
        _http = http;
        _time = time;
        var settings = new ClientOptions
        {
            HttpClient = http.Client,
            MaxRetries = 0,
            Timeout = TimeSpan.FromDays(1),
            ApiKey = _options.ApiKey is { Length: > 0 } key ? key : null,
            AuthToken = null,
        };
        _client = new AnthropicClient(_options.BaseUrl is { Length: > 0 } url ? settings with { BaseUrl = url } : settings);
    }

    public string Provider => Name;

    public async Task<ModelResponse> CompleteAsync(ModelRequest request, Action<string> onText, CancellationToken cancellationToken)
    {
        Credentials.Require(_options, _http, AnthropicOptions.Section, "ANTHROPIC_API_KEY");
        using var silence = new Silence(request.Timeout, _time, cancellationToken);
        var facts = CallFacts.Begin(silence);
        var answer = new AnthropicAnswer();
        try
        {
            await foreach (var e in _client.Messages.CreateStreaming(AnthropicRequest.Of(request, _options.Thinking), silence.Token))
            {
                silence.Broken();
                answer.Add(e, onText);
            }

            return answer.ToResponse();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && silence.Expired)
        {
            throw new ModelException(ModelFault.TimedOut, $"{Name} was silent for {request.Timeout}", billed: true);
        }
        catch (AnthropicSseException error)
        {
            throw Credentials.Hide(_options, AnthropicErrors.Translate(error, facts));
        }
        catch (AnthropicApiException error)
        {
            throw Credentials.Hide(_options, AnthropicErrors.Translate(error, facts));
        }
        catch (Exception error) when (error is AnthropicException or HttpRequestException or IOException or System.Text.Json.JsonException)
        {
            throw Credentials.Hide(_options, TransportErrors.Translate(Name, error));
        }
    }

    public void Dispose() => _client.Dispose();
}
