using System.Collections.Frozen;
using AiCd.Actors.Ports;

namespace AiCd.Agents.Models;

/// <summary>What can go wrong between a request and its answer, the same for every provider.</summary>
internal enum ModelFault
{
    RateLimited,
    Overloaded,
    Unreachable,
    TimedOut,

    /// <summary>The answer began and did not end.</summary>
    BrokenAnswer,
    ContextOverflow,
    BadRequest,
    UnknownModel,
    Credentials,
    Quota,
    Refused,

    /// <summary>A cassette is replayed and does not know the request.</summary>
    NotRecorded,
}

/// <param name="billed">True where the request may have cost something all the same.</param>
/// <param name="retryAfter">What the provider asked us to wait.</param>
internal sealed class ModelException(ModelFault fault, string message, bool billed, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public ModelFault Fault { get; } = fault;

    public bool Billed { get; } = billed;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Another model or provider may do better.</summary>
    public bool TryAnother => ModelFaults.Of(Fault).TryAnother;

    public StageException ToStageException() => new(ModelFaults.Of(Fault).Kind, ModelFaults.Of(Fault).Code, Message, this, RetryAfter);
}

/// <summary>The one table that says what a fault of a model means for its stage.</summary>
internal static class ModelFaults
{
    private static readonly FrozenDictionary<ModelFault, Meaning> Table = new Dictionary<ModelFault, Meaning>
    {
        [ModelFault.RateLimited] = new(FaultKind.ProviderDown, "rate_limited", TryAnother: true),
        [ModelFault.Overloaded] = new(FaultKind.ProviderDown, "provider_overloaded", TryAnother: true),
        [ModelFault.Unreachable] = new(FaultKind.ProviderDown, "provider_unreachable", TryAnother: true),
        [ModelFault.TimedOut] = new(FaultKind.Transient, "model_timeout", TryAnother: true),
        [ModelFault.BrokenAnswer] = new(FaultKind.Transient, "broken_answer", TryAnother: false),
        [ModelFault.ContextOverflow] = new(FaultKind.Permanent, "context_overflow", TryAnother: false),
        [ModelFault.BadRequest] = new(FaultKind.Permanent, "bad_request", TryAnother: false),
        [ModelFault.UnknownModel] = new(FaultKind.Permanent, "unknown_model", TryAnother: true),
        [ModelFault.Credentials] = new(FaultKind.Credentials, "provider_credentials", TryAnother: false),
        [ModelFault.Quota] = new(FaultKind.Credentials, "provider_quota", TryAnother: true),
        [ModelFault.Refused] = new(FaultKind.Permanent, "model_refused", TryAnother: false),
        [ModelFault.NotRecorded] = new(FaultKind.Permanent, "not_recorded", TryAnother: false),
    }.ToFrozenDictionary();

    public static Meaning Of(ModelFault fault) => Table[fault];

    /// <param name="TryAnother">The next model of the fallback list is asked first.</param>
    internal sealed record Meaning(FaultKind Kind, string Code, bool TryAnother);
}
