namespace AiCd.Actors.Journal.Sqlite;

internal sealed class SqliteArtifacts(SqliteDatabase database, TimeProvider time) : IArtifacts
{
    public Task PutAsync(string tenant, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.WriteAsync(
            Durability.Full,
            session =>
            {
                Put(session, tenant, contents, now);
                session.Commit();
                return true;
            },
            cancellationToken);
    }

    public Task<byte[]?> FindAsync(string tenant, string sha256, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var statement = session.Prepare("select content from artifacts where tenant = ? and sha256 = ?").Bind(1, tenant).Bind(2, sha256);
                var content = statement.Step() ? statement.Utf8(0).ToArray() : null;
                statement.Reset();
                return content;
            },
            cancellationToken);

    public static void Put(SqliteSession session, string tenant, IReadOnlyList<ArtifactContent> contents, long now)
    {
        foreach (var (sha256, content) in contents)
        {
            // What is put again must outlive the grace that collection counts from here, or the event that comes would name nothing.
            session.Prepare(
                    "insert into artifacts (tenant, sha256, content, put_at) values (?, ?, ?, ?) "
                    + "on conflict do update set put_at = excluded.put_at where put_at < excluded.put_at - 3600000")
                .Bind(1, tenant)
                .Bind(2, sha256)
                .Bind(3, content.Span)
                .Bind(4, now)
                .Run();
        }
    }
}
