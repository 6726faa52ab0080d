using System.Data;
using Npgsql;
using NpgsqlTypes;
using static AiCd.Actors.Journal.Postgres.Sql;

namespace AiCd.Actors.Journal.Postgres;

internal sealed class PostgresArtifacts(PostgresDatabase database) : IArtifacts
{
    public Task PutAsync(string tenant, IReadOnlyList<ArtifactContent> contents, CancellationToken cancellationToken)
    {
        var rows = OrderedArtifacts.Of(contents.Select(content => (tenant, content))).ToList();
        return database.RunAsync(
            cancellationToken,
            Statement(
                "select aicd_put_artifacts($1, $2, $3)",
                Value(rows.Select(row => row.Tenant).ToArray()),
                Value(rows.Select(row => row.Sha256).ToArray()),
                new NpgsqlParameter<ReadOnlyMemory<byte>[]>
                {
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                    TypedValue = [.. rows.Select(row => row.Content)],
                }));
    }

    public async Task<byte[]?> FindAsync(string tenant, string sha256, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select content from artifacts where tenant = $1 and sha256 = $2", connection);
        command.Parameters.Add(Value(tenant));
        command.Parameters.Add(Value(sha256));
        try
        {
            // Sequential: the content goes straight into its array, and not through a buffer of its size before.
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? await reader.GetFieldValueAsync<byte[]>(0, cancellationToken) : null;
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.Translate(error);
        }
    }
}
