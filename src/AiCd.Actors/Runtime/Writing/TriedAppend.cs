using System.Security.Cryptography;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Runtime.Writing;

/// <summary>
/// The first event of an append whose node lost the shard before it knew how the append ended. The next owner waited for that
/// transaction when it took the shard, so what its journal says of the event is final.
/// </summary>
internal sealed record TriedAppend(int Seq, string PayloadSha256)
{
    public static TriedAppend Of(PendingAppend append) => new(append.FirstSeq, Hash(append.Events[0].Payload));

    public async Task<bool> IsThereAsync(IJournal journal, JobId job, CancellationToken cancellationToken)
    {
        await foreach (var row in journal.ReadJobsAsync([job], new Dictionary<JobId, int> { [job] = Seq - 1 }, cancellationToken))
        {
            return row.Seq == Seq && Hash(row.Payload) == PayloadSha256;
        }

        return false;
    }

    private static string Hash(ReadOnlyMemory<byte> payload) => Convert.ToHexStringLower(SHA256.HashData(payload.Span));
}
