using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using Npgsql;

namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>
/// A forge whose branches and pull requests are rows. As on a real one, a branch has one pull request at most and a second is refused;
/// that somebody asked for it is kept, because a sound engine never does.
/// </summary>
internal sealed class TableForge(NpgsqlDataSource source) : IForge
{
    public async Task<string?> FindBranchAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(
            "select commit_sha from forge_branches where branch = $1", row => row.GetString(0), cancellationToken, draft.Branch);
        return rows.Count > 0 ? rows[0] : null;
    }

    public async Task PushAsync(PullRequestDraft draft, Func<CancellationToken, Task<byte[]>> bundle, CancellationToken cancellationToken)
    {
        await bundle(cancellationToken);
        await QueryAsync(
            "insert into forge_branches (branch, commit_sha) values ($1, $2) on conflict (branch) do update set commit_sha = excluded.commit_sha, pushes = forge_branches.pushes + 1 returning pushes",
            row => row.GetInt32(0),
            cancellationToken,
            draft.Branch,
            draft.Change.CommitSha);
    }

    public async Task<PullRequestRef?> FindPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(
            "select number, head_sha from forge_pulls where branch = $1", row => Ref(row.GetInt32(0), draft.Branch, row.GetString(1)), cancellationToken, draft.Branch);
        return rows.Count > 0 ? rows[0] : null;
    }

    public async Task<PullRequestRef> OpenPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var attempt = CurrentAttempt.Value;
        var opened = await QueryAsync(
            """
            with opened as (
                insert into forge_pulls (branch, head_sha, job_id, incarnation) values ($1, $2, $3, $4)
                on conflict (branch) do nothing
                returning number
            ), asked as (
                insert into forge_openings (branch, job_id, attempt_id, incarnation, opened) select $1, $3, $5, $4, exists (select from opened)
            )
            select number from opened
            """,
            row => row.GetInt32(0),
            cancellationToken,
            draft.Branch,
            draft.Change.CommitSha,
            draft.Job.Value,
            attempt.Incarnation,
            attempt.Id);
        if (opened.Count == 0)
        {
            return await FindPullRequestAsync(draft, cancellationToken)
                ?? throw new StageException(FaultKind.Transient, "forge_refused", "The forge refused a pull request that it does not show");
        }

        if (ScriptedJob.Parse(draft.Title).Script == Script.HoldPrOpen)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return Ref(opened[0], draft.Branch, draft.Change.CommitSha);
    }

    public Task ClosePullRequestAsync(PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken) => QueryAsync(
        "update forge_pulls set open = false where branch = $1 returning number", row => row.GetInt32(0), cancellationToken, draft.Branch);

    private static PullRequestRef Ref(int number, string branch, string headSha) => new(number, $"https://forge.example/pulls/{number}", branch, headSha);

    /// <summary>A database that is away is a forge that does not answer: the attempt fails and the supervisor says what follows.</summary>
    private async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken, params string[] values)
    {
        try
        {
            await using var command = source.CreateCommand(sql);
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
            }

            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(map(reader));
            }

            return rows;
        }
        catch (NpgsqlException error)
        {
            throw new StageException(FaultKind.Ignorable, "forge_unreachable", $"The forge does not answer: {error.Message}", error);
        }
    }
}
