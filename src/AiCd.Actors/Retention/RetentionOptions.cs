using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Retention;

/// <summary>How long what jobs leave is kept (section <c>AiCd:Retention</c>).</summary>
public sealed class RetentionOptions : IValidatableObject
{
    public const string Section = "AiCd:Retention";

    /// <summary>How long a completed job keeps its artifacts, and what it left in the data folder.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Completed { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Of the jobs that completed last, at most so many keep theirs.</summary>
    [Range(0, 1_000_000)]
    public int MaxCompleted { get; set; } = 1_000;

    /// <summary>How long a job that failed or was cancelled keeps its own.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Failed { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Content that no job names stays so long: the event that names it may be on the way. Content that is put again counts as new after an hour.</summary>
    [Range(typeof(TimeSpan), "02:00:00", "30.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(1);

    /// <summary>A job that ended longer ago is removed with its history; 0 keeps every history.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    [Expectation("00:00:00 to keep every history, or a time span from 1.00:00:00 to 3650.00:00:00")]
    public TimeSpan Histories { get; set; } = TimeSpan.Zero;

    /// <summary>How often a node looks for what may go.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>At most so many jobs or artifacts go in one transaction.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 200;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var least = new[] { TimeSpan.FromDays(1), Completed, Failed }.Max();
        if (Histories != TimeSpan.Zero && Histories < least)
        {
            yield return new ValidationResult($"expected 00:00:00, or a time span of at least {least}, got '{Histories}'", [nameof(Histories)]);
        }
    }

    internal RetentionLimits LimitsAt(DateTimeOffset now) => new(now - Completed, MaxCompleted, now - Failed);
}
