using AiCd.Actors.Jobs;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Tests.Journal;

public sealed class PostgresLiveNotesTests : PostgresTestBase
{
    private static readonly JobId Job = JobId.Create(DateTimeOffset.UnixEpoch, 1, 1);
    private static readonly JobId Other = JobId.Create(DateTimeOffset.UnixEpoch, 2, 2);

    [Fact]
    public async Task Notes_are_read_in_the_order_of_their_saying_after_a_place_and_only_of_the_jobs_that_are_asked_for()
    {
        await using var store = await OpenAsync();
        await store.Notes.WriteAsync("one", [Said(Job, "before")], Token);
        var place = await store.Notes.EndAsync(Token);
        await store.Notes.WriteAsync("one", [Said(Job, "a", "agent"), Said(Other, "x"), Said(Job, "b\0\ud800")], Token);
        await store.Notes.WriteAsync("one", [Said(Job, "c")], Token);

        var first = await store.Notes.ReadAsync(new Dictionary<JobId, long> { [Job] = place }, "two", 2, Token);
        var rest = await store.Notes.ReadAsync(new Dictionary<JobId, long> { [Job] = first[^1].Number }, "two", 2, Token);

        first.Select(note => note.Note).ShouldBe([Said(Job, "a", "agent"), Said(Job, "b\uFFFD\uFFFD")]);
        rest.Select(note => note.Note.Text).ShouldBe(["c"]);
        (await store.Notes.ReadAsync(new Dictionary<JobId, long> { [Job] = 0 }, "one", 10, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_old_is_removed_and_what_is_long_is_cut()
    {
        await using var store = await OpenAsync();
        await store.Notes.WriteAsync("gone", [Said(Job, "old")], Token);
        await ExecuteAsync("update live_notes set said_at = said_at - interval '6 minutes'");
        await store.Notes.WriteAsync("one", [Said(Job, new string('x', LiveNote.MaxText + 1))], Token);

        await store.Notes.RemoveAsync(TimeSpan.FromMinutes(5), Token);

        var left = (await store.Notes.ReadAsync(new Dictionary<JobId, long> { [Job] = 0 }, "two", 10, Token)).ShouldHaveSingleItem();
        left.Note.Text.Length.ShouldBe(LiveNote.MaxText + 1);
    }

    private static LiveNote Said(JobId job, string text, string? role = null) => new(job, Stage.Coding, "attempt", role, text);
}
