using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Runtime;
using AiCd.Host.Driving;

namespace AiCd.Host.Output;

/// <summary>A job as JSON lines on standard output: its events as they come, its result at the end.</summary>
internal sealed class JsonLines : IJobWatcher
{
    public void Recorded(JobRecorded recorded, Job job)
    {
        using var data = JsonDocument.Parse(JobEventCodec.Encode(recorded.Event));
        Write(new EventLine(
            "event", recorded.Job, recorded.Seq, JobEventCodec.NameOf(recorded.Event), recorded.State, recorded.Event.At.UtcDateTime, data.RootElement));
    }

    /// <summary>Progress is not part of the contract: nothing rests on it.</summary>
    public void Progressed(JobProgressed progressed)
    {
    }

    public static void Result(JobStory story)
    {
        if (story.Job is { } job)
        {
            Write(new ResultLine("result", job.Id, job.State, story.History, job.PullRequest, job.Failure));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Write(EventLine line) => Screen.Line(JsonSerializer.Serialize(line, HostJson.Default.EventLine));

    private static void Write(ResultLine line) => Screen.Line(JsonSerializer.Serialize(line, HostJson.Default.ResultLine));
}

/// <param name="Data">The event's payload as the journal has it.</param>
internal sealed record EventLine(string Type, JobId JobId, int Seq, string Event, JobState State, DateTime At, JsonElement Data);

internal sealed record ResultLine(
    string Type, JobId JobId, JobState State, IReadOnlyList<JobState> History, PullRequestRef? PullRequest, JobFailure? Failure);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventLine))]
[JsonSerializable(typeof(ResultLine))]
internal sealed partial class HostJson : JsonSerializerContext;
