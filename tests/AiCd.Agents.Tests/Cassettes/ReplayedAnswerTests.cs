using System.Text;
using AiCd.Agents.Cassettes;

namespace AiCd.Agents.Tests.Cassettes;

/// <summary>What a caller sees of an answer that did not come whole.</summary>
public sealed class ReplayedAnswerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_whole_answer_comes_with_its_status_headers_and_lines()
    {
        using var response = await ReplayAsync(null, ("content-type", "text/event-stream"), ("retry-after", "17"));

        ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType, response.Headers.RetryAfter!.Delta)
            .ShouldBe((529, "text/event-stream", TimeSpan.FromSeconds(17)));
        (await response.Content.ReadAsStringAsync(Cancelled)).ShouldBe("one\n\ntwo\n");
    }

    [Fact]
    public async Task Silence_from_the_beginning_lasts_until_the_caller_gives_up()
    {
        using var givingUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage();

        var asking = RecordedAnswer.Nothing(AnswerEnd.Silent).ToResponseAsync(request, givingUp.Token);

        asking.IsCompleted.ShouldBeFalse();
        await givingUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asking);
    }

    [Fact]
    public async Task Silence_after_a_part_lasts_until_the_caller_gives_up()
    {
        using var givingUp = new CancellationTokenSource();
        using var response = await ReplayAsync(AnswerEnd.Silent);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancelled);
        await ReadWholeAsync(stream);

        var reading = stream.ReadAsync(new byte[1], givingUp.Token).AsTask();

        reading.IsCompleted.ShouldBeFalse();
        await givingUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(reading);
    }

    [Fact]
    public async Task A_connection_that_breaks_at_once_is_an_error_of_the_request()
    {
        using var request = new HttpRequestMessage();

        var error = await Should.ThrowAsync<HttpRequestException>(RecordedAnswer.Nothing(AnswerEnd.Broken).ToResponseAsync(request, Cancelled));

        error.HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
    }

    [Fact]
    public async Task A_connection_that_breaks_later_is_an_error_behind_the_last_byte_however_it_is_read()
    {
        using var response = await ReplayAsync(AnswerEnd.Broken);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancelled);
        await ReadWholeAsync(stream);
        await Should.ThrowAsync<IOException>(stream.ReadAsync(new byte[1], Cancelled).AsTask());
        Should.Throw<IOException>(() => stream.Read(new byte[1], 0, 1));

        using var copied = await ReplayAsync(AnswerEnd.Broken);
        using var copy = new MemoryStream();
        await using var source = await copied.Content.ReadAsStreamAsync(Cancelled);
        await Should.ThrowAsync<IOException>(source.CopyToAsync(copy, Cancelled));
        Encoding.UTF8.GetString(copy.ToArray()).ShouldBe("one\n\ntwo\n");
    }

    private static async Task ReadWholeAsync(Stream stream)
    {
        var bytes = new byte["one\n\ntwo\n".Length];
        await stream.ReadExactlyAsync(bytes, Cancelled);
        Encoding.UTF8.GetString(bytes).ShouldBe("one\n\ntwo\n");
    }

    private static Task<HttpResponseMessage> ReplayAsync(AnswerEnd? end, params (string Name, string Value)[] headers) =>
        new RecordedAnswer(529, headers.ToDictionary(header => header.Name, header => header.Value), ["one", "", "two", ""], end)
            .ToResponseAsync(new HttpRequestMessage(), Cancelled);
}
