using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Host.CommandLine;
using AiCd.Host.Jobs;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Inspecting;

/// <summary><c>aicd diff</c>: what a job changed, as the journal has it; neither the repository nor git is asked.</summary>
internal static class DiffCommand
{
    private static readonly Option<bool> Stat = new("--stat") { Description = "Only what changed in each file, in numbers" };
    private static readonly Option<int> Round = SharedOptions.WholeNumber("--round", "N", 1, 1_000, 0, "The change of this coding round [default: the last]");

    public static Command Create(Screen screen)
    {
        var command = new Command("diff", "Show what a job changed") { JobArgument.Argument, Round, Stat, JobArgument.Json, SharedOptions.Server, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => JobArgument.ReadAsync(screen, arguments, live: false, async (jobs, id) =>
        {
            var wanted = arguments.GetResult(Round) is { Implicit: false } ? arguments.GetValue(Round) : (int?)null;
            var round = await JobRound.FindAsync(jobs.ReadAsync(id, interrupted), id, wanted);
            var diff = await jobs.ArtifactsOf(id).ReadTextAsync(round.Job.Submission.Tenant, round.Diff, interrupted);
            if (arguments.GetValue(JobArgument.Json))
            {
                var line = arguments.GetValue(Stat)
                    ? new DiffLine(id, round.Round, round.Change, null, DiffStat.Files(diff))
                    : new DiffLine(id, round.Round, round.Change, diff, null);
                Screen.Line(JsonSerializer.Serialize(line, DiffJson.Default.DiffLine));
            }
            else if (arguments.GetValue(Stat))
            {
                DiffStat.Lines(diff).ToList().ForEach(line => Screen.Line($" {line}"));
                Screen.Line($" {DiffStat.Totals(round.Change)}");
            }
            else
            {
                DiffText.Write(screen, diff);
            }

            return ExitCodes.Done;
        }, interrupted));
        return command.WithExamples("aicd diff 01k9z3m7c", "aicd diff 01k9z3m7c --stat", "aicd diff 01k9z3m7c | git apply --check");
    }
}

/// <param name="Diff">Or null where only numbers are asked for.</param>
/// <param name="Files">Or null where they are not.</param>
internal sealed record DiffLine(JobId JobId, int Round, CommittedChange Change, string? Diff, IReadOnlyList<ChangedFile>? Files);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DiffLine))]
internal sealed partial class DiffJson : JsonSerializerContext;
