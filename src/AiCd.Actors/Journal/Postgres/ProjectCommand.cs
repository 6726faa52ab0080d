using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using NpgsqlTypes;

namespace AiCd.Actors.Journal.Postgres;

/// <summary>The call of <c>aicd_project</c>; its parameters are made in the order of the function's.</summary>
internal sealed class ProjectCommand : ArrayCommand
{
    private readonly List<int> _shard, _jobShard, _seq, _priority, _attempt, _round;
    private readonly List<long> _from, _to;
    private readonly List<int?> _pullRequestNumber;
    private readonly List<string> _tenant, _id, _state, _title, _repository, _baseBranch, _branch, _agent;
    private readonly List<string?> _pullRequestUrl, _failureCode, _failureMessage;
    private readonly List<DateTime> _submittedAt, _updatedAt;
    private readonly List<string?> _url, _submittedBy, _parent, _parentKind, _hold;
    private readonly List<string> _labelLines;
    private readonly List<string?> _words;
    private readonly List<long?> _budget;
    private readonly List<long> _cost, _planning, _coding, _reviewing, _prOpen;
    private readonly List<DateTime?> _endedAt;

    public ProjectCommand()
    {
        _shard = Array<int>(NpgsqlDbType.Integer);
        _from = Array<long>(NpgsqlDbType.Bigint);
        _to = Array<long>(NpgsqlDbType.Bigint);
        _jobShard = Array<int>(NpgsqlDbType.Integer);
        _tenant = Array<string>(NpgsqlDbType.Text);
        _id = Array<string>(NpgsqlDbType.Text);
        _state = Array<string>(NpgsqlDbType.Text);
        _seq = Array<int>(NpgsqlDbType.Integer);
        _title = Array<string>(NpgsqlDbType.Text);
        _repository = Array<string>(NpgsqlDbType.Text);
        _baseBranch = Array<string>(NpgsqlDbType.Text);
        _branch = Array<string>(NpgsqlDbType.Text);
        _agent = Array<string>(NpgsqlDbType.Text);
        _priority = Array<int>(NpgsqlDbType.Integer);
        _attempt = Array<int>(NpgsqlDbType.Integer);
        _round = Array<int>(NpgsqlDbType.Integer);
        _pullRequestNumber = Array<int?>(NpgsqlDbType.Integer);
        _pullRequestUrl = Array<string?>(NpgsqlDbType.Text);
        _failureCode = Array<string?>(NpgsqlDbType.Text);
        _failureMessage = Array<string?>(NpgsqlDbType.Text);
        _submittedAt = Array<DateTime>(NpgsqlDbType.TimestampTz);
        _updatedAt = Array<DateTime>(NpgsqlDbType.TimestampTz);
        _url = Array<string?>(NpgsqlDbType.Text);
        _submittedBy = Array<string?>(NpgsqlDbType.Text);
        _parent = Array<string?>(NpgsqlDbType.Text);
        _parentKind = Array<string?>(NpgsqlDbType.Text);
        _labelLines = Array<string>(NpgsqlDbType.Text);
        _hold = Array<string?>(NpgsqlDbType.Text);
        _budget = Array<long?>(NpgsqlDbType.Bigint);
        _cost = Array<long>(NpgsqlDbType.Bigint);
        _endedAt = Array<DateTime?>(NpgsqlDbType.TimestampTz);
        _planning = Array<long>(NpgsqlDbType.Bigint);
        _coding = Array<long>(NpgsqlDbType.Bigint);
        _reviewing = Array<long>(NpgsqlDbType.Bigint);
        _prOpen = Array<long>(NpgsqlDbType.Bigint);
        _words = Array<string?>(NpgsqlDbType.Text);
        Runs(CallOf("aicd_project_views"));
    }

    public void Fill(IReadOnlyList<ShardProjection> projections)
    {
        Clear();
        foreach (var projection in projections)
        {
            _shard.Add(projection.Shard);
            _from.Add(projection.From);
            _to.Add(projection.To);
            foreach (var job in projection.Jobs)
            {
                Add(projection.Shard, job, projection.IsFoundAnew(job));
            }
        }
    }

    private void Add(int shard, JobView job, bool isFoundAnew)
    {
        _jobShard.Add(shard);
        _tenant.Add(job.Tenant);
        _id.Add(job.Id.Value);
        _state.Add(WireNames.Of(job.State));
        _seq.Add(job.Seq);
        _title.Add(job.Title);
        _repository.Add(job.Repository);
        _baseBranch.Add(job.BaseBranch);
        _branch.Add(job.Branch);
        _agent.Add(job.Agent);
        _priority.Add(job.Priority);
        _attempt.Add(job.Attempt);
        _round.Add(job.Round);
        _pullRequestNumber.Add(job.PullRequestNumber);
        _pullRequestUrl.Add(job.PullRequestUrl);
        _failureCode.Add(job.FailureCode);
        _failureMessage.Add(job.FailureMessage);
        _submittedAt.Add(UnixMilliseconds.Truncate(job.SubmittedAt).UtcDateTime);
        _updatedAt.Add(UnixMilliseconds.Truncate(job.UpdatedAt).UtcDateTime);
        _url.Add(job.Url);
        _submittedBy.Add(job.By);
        _parent.Add(job.Parent?.Value);
        _parentKind.Add(job.ParentKind is { } kind ? WireNames.Of(kind) : null);
        _labelLines.Add(job.LabelLines);
        _hold.Add(job.Hold);
        _budget.Add(job.BudgetMicros);
        _cost.Add(job.CostMicros);
        _endedAt.Add(job.EndedAt is { } ended ? UnixMilliseconds.Truncate(ended).UtcDateTime : null);
        _planning.Add(job.Times.Planning);
        _coding.Add(job.Times.Coding);
        _reviewing.Add(job.Times.Reviewing);
        _prOpen.Add(job.Times.PrOpen);
        _words.Add(isFoundAnew ? JobWords.LexemesOf(job) : null);
    }
}
