namespace AiCd.Web.GitHub;

/// <summary>
/// How much of all deliveries together may be in memory before it is known who sent them. The first bytes of each are free, so that large
/// ones, which strangers may send too, keep no ordinary one out.
/// </summary>
internal sealed class DeliveryMemory(WebOptions options)
{
    public const int Free = 65_536;

    private long _left = 4L * options.MaxWebhookBytes;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _left, bytes);
}
