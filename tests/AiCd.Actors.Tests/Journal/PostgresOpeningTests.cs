using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public sealed class PostgresOpeningTests : PostgresTestBase
{
    [Fact]
    public async Task Processes_that_make_the_store_at_once_agree()
    {
        var stores = await Task.WhenAll(Enumerable.Range(1, 8).Select(
            i => PostgresStore.OpenAsync(Database.ConnectionString, shardCount: 10 * i, cancellationToken: Token)));

        stores.Select(store => store.ShardCount).Distinct().ShouldHaveSingleItem();
        (await stores[0].Nodes.ReadAsync(Token)).Shards.Count.ShouldBe(stores[0].ShardCount);
        var migrations = typeof(PostgresStore).Assembly.GetManifestResourceNames().Count(name => name.Contains(".Postgres.Migrations.", StringComparison.Ordinal));
        migrations.ShouldBePositive();
        (await QueryAsync<long>("select count(*) from migrations where module = 'store'")).ShouldBe(migrations);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_role_without_special_rights_is_enough()
    {
        (await QueryAsync<bool>("select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user")).ShouldBeFalse();

        await using var store = await OpenAsync();

        await (await JoinAsync(store, 1)).CommitAsync(Entry(NewJob(1)));
    }

    [Fact]
    public async Task A_store_that_is_complete_opens_for_a_role_that_may_make_no_tables()
    {
        await (await OpenAsync()).DisposeAsync();
        await ExecuteAsync("revoke create on schema public from pg_database_owner");

        await using var store = await OpenAsync();

        await (await JoinAsync(store, 1)).CommitAsync(Entry(NewJob(1)));
    }

    [Fact]
    public async Task A_role_that_may_make_no_tables_is_told_so()
    {
        await ExecuteAsync("revoke create on schema public from pg_database_owner");

        (await RefusalAsync()).ShouldBe("not_writable");
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        await ExecuteAsync("insert into migrations (module, number, name, checksum) values ('store', 99, 'future', 'x')");

        (await RefusalAsync()).ShouldBe("newer_version");
    }

    [Fact]
    public async Task A_store_that_another_script_made_is_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        await ExecuteAsync("update migrations set checksum = 'x' where number = 2");

        (await RefusalAsync()).ShouldBe("not_a_store");
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_is_refused()
    {
        await ExecuteAsync($"alter database {Database.Name} set default_transaction_read_only = on");

        (await RefusalAsync()).ShouldBe("not_writable");
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_or_does_not_let_in_is_named_as_such()
    {
        (await RefusalAsync(settings => settings.Port = 1)).ShouldBe("unreachable");
        (await RefusalAsync(settings => settings.Host = "nowhere.invalid")).ShouldBe("unreachable");
        (await RefusalAsync(settings => settings.Password = "wrong")).ShouldBe("unreachable");
        (await RefusalAsync(settings => settings.Database = "nothing")).ShouldBe("unreachable");
        (await Should.ThrowAsync<StoreUnusableException>(() => PostgresStore.OpenAsync("Host=x;Colour=blue", cancellationToken: Token))).Code.ShouldBe("unreachable");
    }

    [Fact]
    public async Task Events_are_never_committed_asynchronously()
    {
        await ExecuteAsync($"alter database {Database.Name} set synchronous_commit = off");
        await using var store = await OpenAsync();
        var writer = await JoinAsync(store, 1);
        await ExecuteAsync(
            """
            create table seen (synchronous_commit text);
            create function look() returns trigger language plpgsql as
                $$ begin insert into seen values (current_setting('synchronous_commit')); return null; end $$;
            create constraint trigger at_commit after insert on journal deferrable initially deferred for each row execute function look();
            """);

        await writer.CommitAsync(Entry(NewJob(1)));

        (await QueryAsync<string>("select synchronous_commit from seen")).ShouldBe("on");
    }

    [Fact]
    public async Task Tables_may_live_in_a_schema_that_the_connection_names()
    {
        await ExecuteAsync("create schema apart");

        await using var store = await OpenAsync(settings => settings.SearchPath = "apart");

        await (await JoinAsync(store, 1)).CommitAsync(Entry(NewJob(1)));
        (await QueryAsync<long>("select count(*) from apart.journal")).ShouldBe(1);
    }
}
