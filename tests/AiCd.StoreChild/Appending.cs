using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.StoreChild;

/// <summary>Appends until the process is killed; prints <c>ack SHARD HEAD JOB</c> for every shard of an append once it is acknowledged.</summary>
internal static class Appending
{
    public static async Task RunAsync(IStore store)
    {
        var lease = await store.Nodes.JoinAsync("child", takesShards: true, TimeSpan.FromHours(1), CancellationToken.None);
        var shards = await store.Nodes.AcquireAsync(lease.Incarnation, [.. Enumerable.Range(0, 4)], CancellationToken.None);
        var heads = shards.ToDictionary(shard => shard.Shard, shard => shard.Head);
        for (var round = 0; ; round++)
        {
            var entries = shards.Select(shard => Entry(shard.Shard, heads[shard.Shard], round)).ToList();
            var fences = shards.Select(shard => new ShardFence(shard.Shard, shard.Epoch, heads[shard.Shard], 3)).ToList();
            if (await store.Journal.AppendAsync(new AppendBatch(lease.Incarnation, fences, entries), CancellationToken.None) is not AppendResult.Committed)
            {
                throw new InvalidOperationException("The append was refused");
            }

            foreach (var entry in entries)
            {
                heads[entry.Job.Shard] += 3;
                Console.WriteLine($"ack {entry.Job.Shard} {heads[entry.Job.Shard]} {entry.Job}");
            }
        }
    }

    private static AppendEntry Entry(int shard, long head, int round)
    {
        var at = DateTimeOffset.UnixEpoch.AddMilliseconds(head);
        var job = JobId.Create(at, shard, (uint)round);
        var payload = Encoding.UTF8.GetBytes($"{{\"job\":\"{job}\",\"filler\":\"{new string('x', round % 5000)}\"}}");
        var data = new EventData("SUBMITTED", payload, at);
        return new AppendEntry(job, "default", FirstSeq: 1, head + 1, [data, data, data]) { Activity = Activity.Begins };
    }
}
