namespace AiCd.Forge.Git;

/// <summary>Reads a stream to its end but keeps only so much of it: a process must neither block on a full pipe nor fill our memory.</summary>
internal static class BoundedOutput
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>Keeps the beginning.</summary>
    public static async Task<(byte[] Kept, long Total)> ReadHeadAsync(Stream stream, int limit)
    {
        using var kept = new MemoryStream();
        var chunk = new byte[ChunkSize];
        long total = 0;
        int count;
        while ((count = await stream.ReadAsync(chunk)) > 0)
        {
            total += count;
            kept.Write(chunk, 0, (int)Math.Min(count, limit - kept.Length));
        }

        return (kept.ToArray(), total);
    }

    /// <summary>Keeps the end.</summary>
    public static async Task<byte[]> ReadTailAsync(Stream stream, int limit)
    {
        var kept = new Queue<byte[]>();
        var size = 0;
        var chunk = new byte[ChunkSize];
        int count;
        while ((count = await stream.ReadAsync(chunk)) > 0)
        {
            kept.Enqueue(chunk[..count]);
            size += count;
            while (size - kept.Peek().Length >= limit)
            {
                size -= kept.Dequeue().Length;
            }
        }

        byte[] all = [.. kept.SelectMany(part => part)];
        return all[Math.Max(0, all.Length - limit)..];
    }
}
