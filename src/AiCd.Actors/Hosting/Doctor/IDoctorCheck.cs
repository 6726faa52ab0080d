namespace AiCd.Actors.Hosting.Doctor;

/// <summary>
/// One thing that a node needs of its surroundings. Every part of the system registers its own; <c>aicd doctor</c> runs them all, each
/// by itself, so that one that fails says nothing about the others.
/// </summary>
public interface IDoctorCheck
{
    /// <summary>What it looks at, in a word or two of lower case.</summary>
    string Name { get; }

    /// <summary>Changes nothing and costs next to nothing. What goes wrong inside is a finding too, not an exception.</summary>
    Task<DoctorFinding> RunAsync(CancellationToken cancellationToken);
}

public enum DoctorOutcome
{
    Ok,

    /// <summary>A node would run; somebody should know of it.</summary>
    Warning,

    /// <summary>A node would not run, or not do its work.</summary>
    Failed,
}

/// <param name="Found">What there is; where something is wrong, what. Without secrets.</param>
/// <param name="Remedy">How to mend it; null where nothing is wrong.</param>
public sealed record DoctorFinding(DoctorOutcome Outcome, string Found, string? Remedy = null)
{
    public static DoctorFinding Ok(string found) => new(DoctorOutcome.Ok, found);

    public static DoctorFinding Warning(string found, string remedy) => new(DoctorOutcome.Warning, found, remedy);

    public static DoctorFinding Failed(string found, string remedy) => new(DoctorOutcome.Failed, found, remedy);
}
