namespace AiCd.Agents.Http;

/// <summary>What the transport saw of one call, which the libraries above it do not all tell.</summary>
internal sealed class CallFacts(Silence silence)
{
    private static readonly AsyncLocal<CallFacts?> Current = new();

    private readonly CancellationToken _wanted = silence.Token;

    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>The call that this flow of control makes, or null.</summary>
    public static CallFacts? Here => Current.Value;

    /// <summary>True where its caller waits no longer, for whatever reason.</summary>
    public bool WasCutOff => _wanted.IsCancellationRequested;

    /// <summary>True where its caller waits no longer because nothing came.</summary>
    public bool WasSilent => silence.Expired;

    /// <summary>Facts of the calls that are made from here on in this flow of control.</summary>
    public static CallFacts Begin(Silence silence) => Current.Value = new CallFacts(silence);

    /// <summary>Notes the answers that pass.</summary>
    internal sealed class Handler(TimeProvider time) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (Current.Value is { } facts)
            {
                facts.RetryAfter = Wait(response);
            }

            return response;
        }

        private TimeSpan? Wait(HttpResponseMessage response) => response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero,
            _ => null,
        };
    }
}
