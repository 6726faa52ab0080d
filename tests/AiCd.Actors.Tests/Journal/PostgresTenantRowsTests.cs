using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using AiCd.Actors.Projections;
using Npgsql;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

/// <summary>What the web role sees, whatever is asked under it.</summary>
public sealed class PostgresTenantRowsTests : PostgresTestBase
{
    private static readonly string[] Tables = ["jobs", "job_search", "journal", "artifacts"];

    [Fact]
    public async Task The_web_role_owns_nothing_and_may_only_read()
    {
        await using var store = await OpenAsync();

        store.IsIsolated.ShouldBeTrue();
        (await QueryAsync<long>("select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'aicd_web'")).ShouldBe(0);
        foreach (var table in Tables)
        {
            (await QueryAsync<bool>($"select relrowsecurity and relforcerowsecurity from pg_class where oid = '{table}'::regclass")).ShouldBeTrue(table);
            await RefusedAsync($"delete from {table}");
            await RefusedAsync($"update {table} set tenant = 'default'");
        }

        foreach (var table in new[] { "claims", "commands", "shards", "nodes", "active_jobs", "meta", "pool_settings", "live_notes" })
        {
            await RefusedAsync($"select count(*) from {table}");
        }
    }

    [Fact]
    public async Task Without_a_tenant_nothing_is_visible_and_with_one_only_its_rows()
    {
        await using var store = await OpenAsync();
        await FillAsync(store);

        foreach (var table in Tables)
        {
            (await UnderRoleAsync(null, $"select count(*) from {table}")).ShouldBe(0, table);
            (await UnderRoleAsync("", $"select count(*) from {table}")).ShouldBe(0, table);
            (await UnderRoleAsync("acme", $"select count(*) from {table}")).ShouldBe(1, table);
            (await UnderRoleAsync("acme", $"select count(*) from {table} where tenant <> 'acme'")).ShouldBe(0, table);
            (await QueryAsync<long>($"select count(*) from {table}")).ShouldBe(2, table);
        }

        foreach (var search in (string[])
            [
                "select count(*) from aicd_find_jobs('fix'::tsquery, null, null, null, '', '~', '~', false, 100)",
                "select count(*) from aicd_find_ended_jobs('fix'::tsquery, null, null, null, '', '~', null, '', 100)",
            ])
        {
            (await UnderRoleAsync(null, search)).ShouldBe(0, search);
            (await UnderRoleAsync("acme", search)).ShouldBe(1, search);
        }
    }

    [Fact]
    public async Task A_role_that_is_set_for_one_question_is_not_there_for_the_next()
    {
        await using var store = await OpenAsync(settings => settings.MaxPoolSize = 1);
        await FillAsync(store);

        (await store.Queries.CountAsync("acme", JobFilter.All, 10, Token)).ShouldBe(1);
        await using var connection = await store.DataSource.OpenConnectionAsync(Token);
        await using var command = new NpgsqlCommand("select current_user <> 'aicd_web' and coalesce(current_setting('aicd.tenant', true), '') = ''", connection);
        ((bool)(await command.ExecuteScalarAsync(Token))!).ShouldBeTrue();
    }

    [Fact]
    public async Task A_search_by_words_uses_their_index_beneath_row_level_security()
    {
        await using var store = await OpenAsync();

        await using var connection = await Database.OpenConnectionAsync(Token);
        await using var command = new NpgsqlCommand(
            "set enable_seqscan = off; set enable_indexscan = off; explain select id from job_search where words @@ 'fix'::tsquery", connection);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var plan = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            plan.Add(reader.GetString(0));
        }

        plan.ShouldContain(line => line.Contains("job_search_by_words", StringComparison.Ordinal), string.Join('\n', plan));
    }

    private static async Task FillAsync(PostgresStore store)
    {
        var writer = await JoinAsync(store, 1);
        foreach (var tenant in new[] { "default", "acme" })
        {
            var job = NewJob(1);
            await writer.AppendAsync(new AppendEntry(job, tenant, 1, 0, [Event()]) { Artifacts = [new ArtifactContent("sha-" + tenant, new byte[] { 1 })] });
            var view = new JobView(job, tenant, Actors.Jobs.JobState.Queued, 1, "Fix", "r", "main", "b", "mock", 0, 0, 1, null, null, null, null, default, default) { EndedAt = DateTimeOffset.UnixEpoch };
            var cursor = (await store.Jobs.ReadCursorsAsync([1], Token))[1];
            await store.Jobs.ProjectAsync([new ShardProjection(1, cursor, cursor + 1, [view])], Token);
        }
    }

    private async Task<long> UnderRoleAsync(string? tenant, string sql)
    {
        await using var connection = await Database.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var setting = tenant is null ? "" : $"select set_config('aicd.tenant', '{tenant}', true); ";
        await using var command = new NpgsqlCommand($"set local role aicd_web; {setting}{sql}", connection);
        await using var reader = await command.ExecuteReaderAsync(Token);
        if (tenant is not null)
        {
            await reader.NextResultAsync(Token);
        }

        await reader.ReadAsync(Token);
        return reader.GetInt64(0);
    }

    private async Task RefusedAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync(Token);
        await using var command = new NpgsqlCommand($"set role aicd_web; select set_config('aicd.tenant', 'default', false); {sql}", connection);
        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
    }
}
