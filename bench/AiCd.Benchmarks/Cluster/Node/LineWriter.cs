namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>Says lines. Each is with the kernel when the call returns: a kill afterwards does not take it back.</summary>
internal sealed class LineWriter(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Stream _output = Console.OpenStandardOutput();

    public void Write(Func<DateTimeOffset, NodeLine> line)
    {
        lock (_lock)
        {
            _output.Write(System.Text.Encoding.UTF8.GetBytes(line(time.GetUtcNow()).Encode() + "\n"));
            _output.Flush();
        }
    }
}
