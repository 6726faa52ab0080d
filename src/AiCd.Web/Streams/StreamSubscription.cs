using System.Threading.Channels;
using AiCd.Actors.Jobs;

namespace AiCd.Web.Streams;

/// <summary>A reader of the tail: of one job, or of all jobs of a tenant.</summary>
internal sealed class StreamSubscription : IDisposable
{
    private readonly Channel<StreamMessage> _messages;
    private readonly Action<StreamSubscription> _remove;

    public StreamSubscription(string tenant, JobId? job, int backlog, Action<StreamSubscription> remove)
    {
        Tenant = tenant;
        Job = job;
        _remove = remove;
        _messages = Channel.CreateBounded<StreamMessage>(new BoundedChannelOptions(backlog) { SingleReader = true, SingleWriter = false });
    }

    public string Tenant { get; }

    public JobId? Job { get; }

    /// <summary>Where the tail stood when the reader came: what is after that comes by <see cref="Messages"/>.</summary>
    public long[] Start { get; set; } = [];

    /// <summary>Ends when the reader fell too far behind.</summary>
    public ChannelReader<StreamMessage> Messages => _messages.Reader;

    public void Offer(StreamMessage message)
    {
        if (!_messages.Writer.TryWrite(message))
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _remove(this);
        _messages.Writer.TryComplete();
    }
}
