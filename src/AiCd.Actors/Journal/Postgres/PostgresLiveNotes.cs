using AiCd.Actors.Jobs;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

internal sealed class PostgresLiveNotes(PostgresDatabase database) : ILiveNotes
{
    public Task WriteAsync(string incarnation, IReadOnlyList<LiveNote> notes, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,

        // Nothing is lost with it that anybody counts on.
        Statement("set local synchronous_commit to off"),
        Statement(
            "insert into live_notes (incarnation, job_id, stage, attempt_id, role, text) "
            + "select $1, job_id, stage, attempt_id, role, text "
            + "from unnest($2, $3, $4, $5, $6) with ordinality as said (job_id, stage, attempt_id, role, text, place) order by place",
            Value(incarnation),
            Value(notes.Select(note => note.Job.Value).ToArray()),
            Value(notes.Select(note => note.Stage.ToString()).ToArray()),
            Value(notes.Select(note => note.AttemptId).ToArray()),
            Value(notes.Select(note => StorableText.Clean(note.Role)).ToArray()),
            Value(notes.Select(note => StorableText.Clean(note.Text)).ToArray())));

    public async Task<long> EndAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync(static reader => reader.GetInt64(0), cancellationToken, Statement("select coalesce(max(number), 0) from live_notes")))[0];

    public async Task<IReadOnlyList<NumberedNote>> ReadAsync(
        IReadOnlyDictionary<JobId, long> after, string except, int limit, CancellationToken cancellationToken) => after.Count == 0
        ? []
        : await database.QueryAsync(
            static reader => new NumberedNote(
                reader.GetInt64(0),
                new LiveNote(
                    JobId.Parse(reader.GetString(1)),
                    Enum.Parse<Stage>(reader.GetString(2)),
                    reader.GetString(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4),
                    reader.GetString(5))),
            cancellationToken,
            Statement(
                "select number, n.job_id, stage, attempt_id, role, text from unnest($1, $2) as wanted (job_id, after) "
                + "join live_notes n on n.job_id = wanted.job_id and n.number > wanted.after where n.number > $5 and incarnation <> $3 order by number limit $4",
                Value(after.Keys.Select(job => job.Value).ToArray()),
                Value(after.Values.ToArray()),
                Value(except),
                Value(limit),

                // Says by one key what the places say by many.
                Value(after.Values.Min())));

    public Task RemoveAsync(TimeSpan age, CancellationToken cancellationToken) => database.RunAsync(
        cancellationToken,
        Statement("set local synchronous_commit to off"),
        Statement("delete from live_notes where said_at < clock_timestamp() - $1", Value(age)));
}
