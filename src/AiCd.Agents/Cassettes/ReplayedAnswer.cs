using System.Net;
using System.Text;

namespace AiCd.Agents.Cassettes;

/// <summary>Gives a recorded answer as it came, its early end included.</summary>
internal static class ReplayedAnswer
{
    private const string BrokeOff = "The recorded answer broke off here";

    public static async Task<HttpResponseMessage> ToResponseAsync(this RecordedAnswer answer, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (answer.Status == 0 && answer.End == AnswerEnd.Broken)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, BrokeOff);
        }

        if (answer.Status == 0)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            Content = new StreamContent(new EarlyEnd(Encoding.UTF8.GetBytes(string.Join('\n', answer.Body)), answer.End)),
        };
        foreach (var (name, value) in answer.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    /// <summary>What comes after the last byte: the end, an error, or nothing until the caller gives up.</summary>
    private sealed class EarlyEnd(byte[] content, AnswerEnd? end) : MemoryStream(content, writable: false)
    {
        // Every other way to read comes here: a stream that is derived from this one is given spans by way of arrays.
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, count) is > 0 and var read ? read : end is null ? 0 : throw Broken();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length && end == AnswerEnd.Silent)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return Read(buffer.Span);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[bufferSize];
            while (await ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }

        private static IOException Broken() => new(BrokeOff);
    }
}
