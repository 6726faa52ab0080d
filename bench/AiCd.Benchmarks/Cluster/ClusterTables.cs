using Npgsql;

namespace AiCd.Benchmarks.Cluster;

/// <summary>What a cluster run keeps beside the store: the forge's books, and a log of every lease by the database's clock.</summary>
internal static class ClusterTables
{
    private const string Script = """
        create table forge_branches (
            branch     text primary key,
            commit_sha text not null,
            pushes     int not null default 1
        );

        create table forge_pulls (
            number      int generated always as identity primary key,
            branch      text not null unique,
            head_sha    text not null,
            job_id      text not null,
            incarnation text not null,
            open        boolean not null default true,
            opened_at   timestamptz not null default clock_timestamp()
        );

        create table forge_openings (
            branch      text not null,
            job_id      text not null,
            attempt_id  text not null,
            incarnation text not null,
            opened      boolean not null,
            asked_at    timestamptz not null default clock_timestamp()
        );

        create table lease_log (
            incarnation text not null,
            at          timestamptz not null default clock_timestamp(),
            expires_at  timestamptz
        );

        create function log_lease() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' then
                insert into lease_log (incarnation) values (old.incarnation);
            else
                insert into lease_log (incarnation, expires_at) values (new.incarnation, new.expires_at);
            end if;
            return null;
        end
        $$;

        create trigger log_lease after insert or update or delete on nodes for each row execute function log_lease();
        """;

    /// <summary>The store's own tables are there already.</summary>
    public static async Task CreateAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Script);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
