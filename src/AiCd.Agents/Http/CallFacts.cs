namespace AiCd.Agents.Http;

/// <summary>What the transport saw of one call, which the libraries above it do not all tell.</summary>
internal sealed class CallFacts
{
    private static readonly AsyncLocal<CallFacts?> Current = new();

    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Facts of the calls that are made from here on in this flow of control.</summary>
    public static CallFacts Begin() => Current.Value = new CallFacts();

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
