using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Testing;
using Microsoft.Data.Sqlite;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public sealed class SqliteOpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Database => _folder.Combine("aicd.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_folder_is_made_for_its_owner_alone()
    {
        var path = _folder.Combine("a", "b");

        await using var store = await SqliteStore.OpenAsync(path, cancellationToken: Token);

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_second_handle_of_the_same_process_finds_the_folder_in_use()
    {
        var store = await OpenAsync();

        (await RefusalAsync()).ShouldBe("in_use");

        await store.DisposeAsync();
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_store_keeps_the_number_of_shards_that_it_was_made_with()
    {
        await using (var made = await SqliteStore.OpenAsync(_folder.Location, shardCount: 8, cancellationToken: Token))
        {
            made.ShardCount.ShouldBe(8);
        }

        await using var store = await SqliteStore.OpenAsync(_folder.Location, shardCount: 16, cancellationToken: Token);

        store.ShardCount.ShouldBe(8);
        (await store.Nodes.ReadAsync(Token)).Shards.Count.ShouldBe(8);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("insert into migrations (module, number, name, checksum, applied_at) values ('store', 99, 'future', 'x', 0)");

        (await RefusalAsync()).ShouldBe("newer_version");
        (await ReaderRefusalAsync()).ShouldBe("newer_version");
    }

    [Fact]
    public async Task A_store_of_an_older_version_is_not_read_before_it_was_brought_up_to_date()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("delete from migrations");

        (await ReaderRefusalAsync()).ShouldBe("older_version");
    }

    [Fact]
    public async Task A_store_that_another_script_made_is_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("update migrations set checksum = 'other'");

        (await RefusalAsync()).ShouldBe("not_a_store");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_not_a_store_and_is_left_alone()
    {
        var garbage = new string('x', 10_000);
        await File.WriteAllTextAsync(Database, garbage, Token);

        (await RefusalAsync()).ShouldBe("not_a_store");
        (await ReaderRefusalAsync()).ShouldBe("not_a_store");

        (await File.ReadAllTextAsync(Database, Token)).ShouldBe(garbage);
    }

    [Fact]
    public async Task A_database_of_another_program_is_not_a_store_and_is_left_alone()
    {
        Execute("create table jobs (id integer)");

        (await RefusalAsync()).ShouldBe("not_a_store");
        (await ReaderRefusalAsync()).ShouldBe("not_a_store");

        Execute("drop table jobs; create table only_this (id integer)");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_or_written_is_not_writable()
    {
        await File.WriteAllTextAsync(_folder.Combine("file"), "", Token);
        Directory.CreateDirectory(_folder.Combine("taken", "aicd.db"));
        Directory.CreateDirectory(_folder.Combine("locked", "lock"));

        (await RefusalAsync(_folder.Combine("file"))).ShouldBe("not_writable");
        (await RefusalAsync(_folder.Combine("file", "below"))).ShouldBe("not_writable");
        (await RefusalAsync(_folder.Combine("taken"))).ShouldBe("not_writable");
        (await RefusalAsync(_folder.Combine("locked"))).ShouldBe("not_writable");
    }

    [Fact]
    public async Task A_reader_of_a_folder_without_a_store_is_told_so_and_makes_none()
    {
        (await ReaderRefusalAsync()).ShouldBe("not_found");

        Directory.EnumerateFileSystemEntries(_folder.Location).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reader_sees_what_is_written_beside_it_and_writes_nothing()
    {
        await using var store = await OpenAsync();
        var writer = await JoinAsync(store, 1);
        await using var reader = await SqliteStore.OpenReadOnlyAsync(_folder.Location, cancellationToken: Token);
        var job = NewJob(1);

        for (var seq = 1; seq <= 5; seq++)
        {
            await writer.CommitAsync(Entry(job, seq));
            (await reader.Journal.ReadJobsAsync([job], Token).ToListAsync(Token)).Count.ShouldBe(seq);
        }

        (await reader.Nodes.ReadAsync(Token)).Nodes.ShouldHaveSingleItem().Alive.ShouldBeTrue();
        (await Should.ThrowAsync<JournalException>(() => reader.Journal.AppendAsync(writer.Batch(Entry(job, 6)), Token))).IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_that_holds_the_database_for_long_makes_an_append_fail_for_now()
    {
        await using var store = await OpenAsync();
        var writer = await JoinAsync(store, 1);
        using var other = Connect();
        using var begin = new SqliteCommand("begin immediate", other);
        begin.ExecuteNonQuery();

        var failure = await Should.ThrowAsync<JournalException>(() => writer.AppendAsync(Entry(NewJob(1))));
        using var rollback = new SqliteCommand("rollback", other);
        rollback.ExecuteNonQuery();

        failure.IsTransient.ShouldBeTrue();
        failure.ShouldNotBeOfType<CommitUnknownException>();
        await writer.CommitAsync(Entry(NewJob(1)));
    }

    private Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(_folder.Location, cancellationToken: Token);

    private async Task<string> RefusalAsync(string? folder = null) =>
        (await Should.ThrowAsync<StoreUnusableException>(() => SqliteStore.OpenAsync(folder ?? _folder.Location, cancellationToken: Token))).Code;

    private async Task<string> ReaderRefusalAsync() =>
        (await Should.ThrowAsync<StoreUnusableException>(() => SqliteStore.OpenReadOnlyAsync(_folder.Location, cancellationToken: Token))).Code;

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
