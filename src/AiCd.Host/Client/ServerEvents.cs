using System.Text;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Runtime;

namespace AiCd.Host.Client;

/// <summary>
/// Makes events of what the API shows of them, so that everything that is told of a job of the journal can be told of a server's job
/// too. Contents that travel inside events stay with the server.
/// </summary>
internal static class ServerEvents
{
    private const string Node = "node";
    private const string Version = "v";

    /// <exception cref="CorruptEventException">The server speaks of something that this version does not know.</exception>
    public static JobRecorded Of(JobId job, int seq, string name, JobState state, DateTimeOffset at, string? node, JsonObject data)
    {
        if (node is not null)
        {
            data[Node] = node;
        }

        if (JobEventCatalogue.Find(name) is { Version: > 1 and var version })
        {
            data[Version] = version;
        }

        return new JobRecorded(job, seq, JobEventCodec.Decode(name, Encoding.UTF8.GetBytes(data.ToJsonString()), at), state);
    }
}
