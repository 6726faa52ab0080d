using AiCd.Actors.Jobs;
using Npgsql;

namespace AiCd.Benchmarks.Cluster.Audit;

/// <summary>
/// What holds of the forge: a completed job has one pull request, of the commit that was approved; no other has one that is open; and
/// nobody asks for a second, but for a node that went on after its lease had ended.
/// </summary>
internal sealed class ForgeRules(NpgsqlDataSource source, Leases leases, List<string> violations)
{
    /// <summary>Pull requests that were asked for although they were there.</summary>
    public int AskedTwice { get; private set; }

    public async Task CheckAsync(IReadOnlyList<JobHistory> histories, CancellationToken cancellationToken)
    {
        var pulls = (await ReadPullsAsync(cancellationToken)).ToLookup(pull => pull.Job);
        var pushed = await ReadPushedAsync(cancellationToken);
        foreach (var job in histories.Select(history => history.Job).OfType<Job>())
        {
            CheckJob(job, [.. pulls[job.Id.Value]], pushed.GetValueOrDefault(job.Submission.Branch));
        }

        await CheckOpeningsAsync(pulls.SelectMany(group => group).ToDictionary(pull => pull.Branch), cancellationToken);
    }

    private void CheckJob(Job job, List<Pull> pulls, string? pushed)
    {
        if (job.State == JobState.Completed)
        {
            var approved = job.Code!.Change.CommitSha;
            if (pulls is not [{ Open: true } pull] || pull.Number != job.PullRequest?.Number || pull.HeadSha != approved || pushed != approved)
            {
                violations.Add($"job {job.Id}: completed with {pulls.Count} pull requests ({string.Join(", ", pulls)}), on record {job.PullRequest}, approved {approved}, pushed {pushed}");
            }
        }
        else if (pulls.Exists(pull => pull.Open))
        {
            violations.Add($"job {job.Id}: ended in {WireNames.Of(job.State)} and has an open pull request ({string.Join(", ", pulls)})");
        }
    }

    private async Task CheckOpeningsAsync(Dictionary<string, Pull> pulls, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select branch, job_id, attempt_id, incarnation, asked_at from forge_openings where not opened");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            AskedTwice++;
            var first = pulls[reader.GetString(0)];
            var askerGone = leases.EndOf(reader.GetString(3)) <= reader.GetFieldValue<DateTimeOffset>(4);
            var firstGone = leases.EndOf(first.Incarnation) <= first.OpenedAt;
            if (!askerGone && !firstGone)
            {
                violations.Add($"job {reader.GetString(1)}: attempt {reader.GetString(2)} asked for a second pull request, while both nodes had their leases");
            }
        }
    }

    private async Task<List<Pull>> ReadPullsAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select number, branch, head_sha, job_id, incarnation, open, opened_at from forge_pulls");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var pulls = new List<Pull>();
        while (await reader.ReadAsync(cancellationToken))
        {
            pulls.Add(new Pull(
                reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetBoolean(5),
                reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return pulls;
    }

    private async Task<Dictionary<string, string>> ReadPushedAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select branch, commit_sha from forge_branches");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var pushed = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            pushed[reader.GetString(0)] = reader.GetString(1);
        }

        return pushed;
    }

    private sealed record Pull(int Number, string Branch, string HeadSha, string Job, string Incarnation, bool Open, DateTimeOffset OpenedAt);
}
