using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using AiCd.Actors.Jobs;
using Npgsql;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>Sends a batch in one round trip and makes of its end what the contract promises.</summary>
internal sealed class PostgresAppender(PostgresDatabase database)
{
    // A node has one writer, so one of these is in use at a time; more only where somebody appends beside it.
    private readonly ConcurrentBag<AppendCommand> _idle = [];

    public async Task<AppendResult> AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        // Nothing was sent before the connection is there: a failure up to here is no unknown outcome.
        await using var connection = await database.OpenAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var append = _idle.TryTake(out var idle) ? idle : new AppendCommand();
        append.Fill(batch);
        append.Command.Connection = connection;
        try
        {
            // Once sent it is not cancelled: its caller would not know what became of it. The command's timeout bounds it.
            await append.Command.ExecuteNonQueryAsync(CancellationToken.None);
            return AppendResult.Committed.Instance;
        }
        catch (PostgresException error) when (PostgresErrors.WasUndone(error))
        {
            return Refusal(error) ?? throw PostgresErrors.Translate(error);
        }
        catch (NpgsqlException error)
        {
            throw new CommitUnknownException($"The database gave no answer to a commit: {error.Message}", error);
        }
        finally
        {
            append.Clear();
            append.Command.Connection = null;
            _idle.Add(append);
        }
    }

    private static AppendResult? Refusal(PostgresException error) => error.SqlState switch
    {
        PostgresErrors.ShardsLost => new AppendResult.ShardsLost([.. error.Hint!.Split(',').Select(shard => int.Parse(shard, CultureInfo.InvariantCulture))]),
        PostgresErrors.ClaimHeld => Held(error.Hint!),
        _ when PostgresErrors.RefusesRow(error) => new AppendResult.RowRefused($"{error.MessageText} ({error.SqlState})", Claim: null),
        _ => null,
    };

    private static AppendResult.RowRefused Held(string hint)
    {
        using var parts = JsonDocument.Parse(hint);
        var (kind, key, holder) = (parts.RootElement[0].GetString()!, parts.RootElement[1].GetString()!, JobId.Parse(parts.RootElement[2].GetString()!));
        return new AppendResult.RowRefused($"{kind} '{key}' is held by job {holder}", new ClaimConflict(kind, key, holder));
    }
}
