using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Host.Output;
using AiCd.Web.Operations;

namespace AiCd.Host.Commands.Steering;

/// <summary>A job that was made, for people and for programs.</summary>
internal static class MadeJobText
{
    public static void Write(MadeJob made, bool json) => Screen.Line(json ? JsonSerializer.Serialize(made, SteeringJson.Default.MadeJob) : TextOf(made));

    private static string TextOf(MadeJob made)
    {
        var way = made.Settled ? "" : "; it is on its way to the node that owns it";
        return made switch
        {
            { Created: false, Parent: { } parent } => $"Job {made.JobId} goes on from job {parent} already",
            { Created: false } => $"Job {made.JobId} was there already",
            { Parent: { } parent } => $"Job {made.JobId} goes on from job {parent}{way}",
            _ => $"Job {made.JobId} is recorded{way}",
        };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SteeredJob))]
[JsonSerializable(typeof(MadeJob))]
[JsonSerializable(typeof(BudgetResponse))]
internal sealed partial class SteeringJson : JsonSerializerContext;
