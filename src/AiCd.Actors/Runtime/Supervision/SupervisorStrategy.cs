using System.Collections.Frozen;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;

namespace AiCd.Actors.Runtime.Supervision;

/// <summary>The one table that says what follows from what went wrong. Retries happen here and nowhere else.</summary>
public static class SupervisorStrategy
{
    private static readonly FrozenDictionary<FaultKind, Directive> Table = new Dictionary<FaultKind, Directive>
    {
        [FaultKind.Transient] = Directive.Restart,
        [FaultKind.Timeout] = Directive.Restart,
        [FaultKind.Permanent] = Directive.Stop,
        [FaultKind.Credentials] = Directive.Stop,
        [FaultKind.ProviderDown] = Directive.Escalate,
        [FaultKind.Ignorable] = Directive.Resume,
    }.ToFrozenDictionary();

    public static Directive For(FaultKind kind) => Table[kind];

    /// <summary>Everything that is not a <see cref="StageException"/> is a bug or the store's trouble: worth another attempt.</summary>
    public static Fault Classify(Exception error) => error switch
    {
        StageException stage => new Fault(stage.Kind, stage.Code, stage.Message, stage.RetryAfter, stage.Provider),
        JournalException journal => new Fault(FaultKind.Transient, "store_failed", journal.Message, null, null),
        _ => new Fault(FaultKind.Transient, FailureCodes.Unexpected, $"{error.GetType().Name}: {error.Message}", null, null),
    };
}

/// <summary>What went wrong, without the exception.</summary>
public sealed record Fault(FaultKind Kind, string Code, string Message, TimeSpan? RetryAfter, string? Provider);
