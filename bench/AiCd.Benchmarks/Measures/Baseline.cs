using System.Diagnostics;
using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AiCd.Benchmarks.Measures;

/// <summary>
/// The engine's throughput, and on the same server in the same run what plain inserts of rows of the same size reach: batches as large as
/// the engine's, arrays and <c>unnest</c>, a commit each, one connection, the next batch made while one is under way.
/// </summary>
internal static class Baseline
{
    private const int BatchSize = 500;
    private const int WarmUpRows = 50_000;

    public static async Task<BaselineResult> RunAsync(IStore store, int jobs, int warmUpJobs, int inFlight, CancellationToken cancellationToken)
    {
        if (store is not PostgresStore postgres)
        {
            throw new ArgumentException("baseline: expected --store postgres");
        }

        var engine = await Throughput.RunAsync(store, jobs, warmUpJobs, inFlight, cancellationToken);
        await using var connection = await postgres.DataSource.OpenConnectionAsync(cancellationToken);
        var rows = (int)(engine.EventsPerJob * jobs);
        var sizes = await ReadSizesAsync(connection, cancellationToken);
        const string JournalKeys = "primary key (shard, shard_seq), unique (job_id, seq_nr)";
        await InsertAsync(connection, JournalKeys, Math.Min(rows, WarmUpRows), sizes, cancellationToken);
        var keyed = await InsertAsync(connection, JournalKeys, rows, sizes, cancellationToken);
        var bare = await InsertAsync(connection, "check (true)", rows, sizes, cancellationToken);
        return new BaselineResult(
            jobs, engine.JobsPerSecond, engine.EventsPerSecond, keyed, bare, engine.EventsPerSecond / keyed, engine.EventsPerSecond / bare, sizes.Payload);
    }

    private static async Task<double> InsertAsync(NpgsqlConnection connection, string keys, int rows, RowSizes sizes, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection,
            $"""
            drop table if exists baseline;
            create table baseline (
                shard int not null, shard_seq bigint not null, job_id text collate "C" not null, seq_nr int not null, tenant text collate "C" not null,
                event text collate "C" not null, payload bytea not null, recorded_at timestamptz not null, {keys})
            """,
            cancellationToken);
        var clock = Stopwatch.StartNew();
        var pending = Task.CompletedTask;
        for (var first = 0; first < rows; first += BatchSize)
        {
            var batch = Batch(connection, first, Math.Min(BatchSize, rows - first), sizes);
            await pending;
            pending = RunAsync(batch, cancellationToken);
        }

        await pending;
        return rows / clock.Elapsed.TotalSeconds;
    }

    private static async Task RunAsync(NpgsqlCommand batch, CancellationToken cancellationToken)
    {
        await using (batch)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Rows as the journal's: ten events a job, sixty-four shards.</summary>
    private static NpgsqlCommand Batch(NpgsqlConnection connection, int first, int count, RowSizes sizes)
    {
        var numbers = Enumerable.Range(first, count).ToArray();
        var command = new NpgsqlCommand("insert into baseline select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)", connection);
        Add(NpgsqlDbType.Integer, Array.ConvertAll(numbers, number => number / 10 % 64));
        Add(NpgsqlDbType.Bigint, Array.ConvertAll(numbers, number => (long)number));
        Add(NpgsqlDbType.Text, Array.ConvertAll(numbers, number => $"{number / 10:D16}"));
        Add(NpgsqlDbType.Integer, Array.ConvertAll(numbers, number => (number % 10) + 1));
        Add(NpgsqlDbType.Text, Array.ConvertAll(numbers, _ => "default"));
        Add(NpgsqlDbType.Text, Array.ConvertAll(numbers, _ => new string('E', sizes.Event)));
        Add(NpgsqlDbType.Bytea, Array.ConvertAll(numbers, _ => new byte[sizes.Payload]));
        Add(NpgsqlDbType.TimestampTz, Array.ConvertAll(numbers, _ => DateTime.UnixEpoch));
        return command;

        void Add<T>(NpgsqlDbType type, T[] values) =>
            command.Parameters.Add(new NpgsqlParameter<T[]> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = values });
    }

    private static async Task<RowSizes> ReadSizesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select avg(length(payload))::int, avg(length(event))::int from journal", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new RowSizes(reader.GetInt32(0), reader.GetInt32(1));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        foreach (var statement in sql.Split(';'))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private readonly record struct RowSizes(int Payload, int Event);
}

/// <param name="BaselineRowsPerSecond">With the journal's primary key and unique key.</param>
/// <param name="BareRowsPerSecond">Without any key.</param>
/// <param name="ShareOfBaseline">The engine's events per second as a share of the rows with keys.</param>
internal sealed record BaselineResult(
    int Jobs,
    double JobsPerSecond,
    double EventsPerSecond,
    double BaselineRowsPerSecond,
    double BareRowsPerSecond,
    double ShareOfBaseline,
    double ShareOfBare,
    int PayloadBytes);
