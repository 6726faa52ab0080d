namespace AiCd.Actors.Ports;

/// <summary>What went wrong in a stage, as far as it decides what happens next (the supervisor's table maps it to a directive).</summary>
public enum FaultKind
{
    /// <summary>Likely to go away by itself: a dropped connection, a busy server, a model that answered nonsense.</summary>
    Transient,

    /// <summary>Trying again gives the same: bad input, a refused path, a missing branch.</summary>
    Permanent,

    /// <summary>Wrong or missing credentials: permanent until an operator mends them.</summary>
    Credentials,

    /// <summary>The provider as a whole does not answer: every job that needs it should wait.</summary>
    ProviderDown,

    /// <summary>The attempt took longer than its stage allows.</summary>
    Timeout,

    /// <summary>Not worth more than a note: the work goes on.</summary>
    Ignorable,
}

/// <summary>A stage's work could not be done.</summary>
/// <param name="code">Stable and lower case, for programs.</param>
/// <param name="retryAfter">What the other side asked us to wait; never tried earlier.</param>
public sealed class StageException(FaultKind kind, string code, string message, Exception? inner = null, TimeSpan? retryAfter = null)
    : Exception(message, inner)
{
    public FaultKind Kind { get; } = kind;

    public string Code { get; } = code;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The provider whose circuit opens on <see cref="FaultKind.ProviderDown"/>.</summary>
    public string? Provider { get; init; }
}
