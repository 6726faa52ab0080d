using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>An event as it is stored.</summary>
/// <param name="ShardSeq">Position in the shard: from 1, contiguous, in commit order.</param>
/// <param name="Seq">Number in the job: from 1, contiguous.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="RecordedAt">From the command that caused the event, in whole milliseconds.</param>
public readonly record struct JournalRow(
    int Shard,
    long ShardSeq,
    JobId Job,
    int Seq,
    string Tenant,
    string Event,
    ReadOnlyMemory<byte> Payload,
    DateTimeOffset RecordedAt);
