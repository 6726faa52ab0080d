using System.Globalization;
using AiCd.Actors.Jobs;
using AiCd.Web.Problems;

namespace AiCd.Web.Jobs;

/// <summary>A job's ETag is the number of its last event.</summary>
internal static class ETags
{
    public static string Of(Job job) => $"\"{job.Seq.ToString(CultureInfo.InvariantCulture)}\"";

    /// <returns>Null where any version will do.</returns>
    public static int? SeqOf(string? ifMatch) => ifMatch switch
    {
        null or "*" => null,
        _ when ifMatch is ['"', .. var seq, '"'] && int.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw ProblemException.Field("If-Match", "the ETag of a job, such as \"12\"", ifMatch),
    };
}
