using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime;

/// <summary>Names what the work of a stage depends on: its circuit opens when that is down.</summary>
internal static class Providers
{
    public const string Forge = "forge";

    public static string Of(Job job, Stage stage) => stage == Stage.PrOpen ? Forge : job.Submission.Agent;
}
