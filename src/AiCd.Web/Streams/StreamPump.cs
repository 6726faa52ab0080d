using AiCd.Web.Access;
using Microsoft.AspNetCore.Http;

namespace AiCd.Web.Streams;

/// <summary>
/// Carries messages from a subscription to a connection, in whole gulps, with signs of life in between. It ends when the reader leaves,
/// falls too far behind, or has a key no longer.
/// </summary>
internal sealed class StreamPump(KeyRing keys, WebOptions options, TimeProvider time)
{
    private static readonly TimeSpan KeyCheck = TimeSpan.FromSeconds(2);

    /// <param name="write">Writes a message; false ends the stream.</param>
    public async Task RunAsync(HttpContext context, Caller caller, StreamSubscription subscription, SseWriter writer, Func<StreamMessage, bool> write)
    {
        var cancellationToken = context.RequestAborted;
        try
        {
            await writer.FlushAsync(cancellationToken);
            var (lastSign, lastCheck) = (time.GetTimestamp(), time.GetTimestamp());
            while (true)
            {
                var more = await WaitAsync(subscription, time.GetElapsedTime(lastSign), cancellationToken);
                if (more == false)
                {
                    context.Abort();
                    return;
                }

                if (time.GetElapsedTime(lastCheck) >= KeyCheck)
                {
                    lastCheck = time.GetTimestamp();
                    if (await keys.FindByIdAsync(caller.KeyId, cancellationToken) is null)
                    {
                        return;
                    }
                }

                var goesOn = true;
                while (goesOn && subscription.Messages.TryRead(out var message))
                {
                    goesOn = write(message);
                    lastSign = time.GetTimestamp();
                }

                if (more is null && time.GetElapsedTime(lastSign) >= options.Heartbeat)
                {
                    writer.Heartbeat();
                    lastSign = time.GetTimestamp();
                }

                await writer.FlushAsync(cancellationToken);
                if (!goesOn)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    /// <returns>Null where nothing came until a sign of life or a look at the key is due; false where the subscription has ended.</returns>
    private async Task<bool?> WaitAsync(StreamSubscription subscription, TimeSpan silence, CancellationToken cancellationToken)
    {
        if (subscription.Messages.TryPeek(out _))
        {
            return true;
        }

        var left = options.Heartbeat - silence;
        var patience = left < KeyCheck ? left : KeyCheck;
        if (patience <= TimeSpan.Zero)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, patience, Timeout.InfiniteTimeSpan);
        try
        {
            return await subscription.Messages.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
