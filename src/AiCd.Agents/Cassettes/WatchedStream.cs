namespace AiCd.Agents.Cassettes;

/// <summary>Passes an answer on as it comes, keeps a copy, and tells once how it ended.</summary>
/// <param name="ended">Is told all that came, and whether an error ended it.</param>
internal sealed class WatchedStream(Stream inner, Action<byte[], Exception?> ended) : Stream
{
    private readonly MemoryStream _copy = new();
    private bool _told;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Keep(buffer.AsSpan(offset, count), inner.Read(buffer, offset, count));
        }
        catch (Exception error)
        {
            Tell(error);
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            return Keep(buffer.Span, count);
        }
        catch (Exception error)
        {
            Tell(error);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Whoever has read the last event need not read on to the end.
            Tell(null);
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Keep(ReadOnlySpan<byte> buffer, int count)
    {
        _copy.Write(buffer[..count]);
        if (count == 0 && buffer.Length > 0)
        {
            Tell(null);
        }

        return count;
    }

    private void Tell(Exception? error)
    {
        if (!_told)
        {
            _told = true;
            ended(_copy.ToArray(), error);
        }
    }
}
