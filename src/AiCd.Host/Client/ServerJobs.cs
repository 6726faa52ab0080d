using System.Globalization;
using System.Runtime.CompilerServices;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime;
using AiCd.Host.CommandLine;
using AiCd.Host.Jobs;
using AiCd.Host.Output;
using AiCd.Web.Jobs;
using AiCd.Web.Problems;
using JobDetails = AiCd.Web.Jobs.JobDetails;
using JobSummary = AiCd.Web.Jobs.JobSummary;

namespace AiCd.Host.Client;

/// <summary>The jobs of a server that a key may see.</summary>
/// <param name="api">Owned by the source.</param>
internal sealed class ServerJobs(ApiClient api, Screen screen, TimeProvider time) : IJobSource
{
    private const int PageSize = 200;
    private const int IdLength = 16;

    public (string Label, string Text) Place => ("Server", api.Server.Name);

    public async Task<IReadOnlyList<ListedJob>> ListAsync(JobState? state, int limit, CancellationToken cancellationToken)
    {
        var filter = state is { } wanted ? $"state={WireNames.Of(wanted)}&" : "";
        var jobs = new List<ListedJob>();
        await foreach (var job in PagesAsync(filter, limit, cancellationToken).Take(limit))
        {
            jobs.Add(new ListedJob(JobId.Parse(job.Id), ViewOf(job), Quarantine: null));
        }

        return jobs;
    }

    public async Task<JobId> FindAsync(string text, string what, CancellationToken cancellationToken)
    {
        var prefix = text.ToLowerInvariant();
        if (JobId.TryParse(prefix, out var whole))
        {
            return await ExistsAsync(whole, cancellationToken) ? whole : throw Unknown(what, text);
        }

        if (prefix.Length is 0 or >= IdLength || !JobId.TryParse(prefix.PadRight(IdLength, 'z'), out _))
        {
            throw CommandException.BadInput($"{what}: expected a job's id or the beginning of one ({IdLength} characters of 0-9 and a-z), got '{text}'");
        }

        // The words of a title may begin so too.
        var fitting = await PagesAsync($"text={prefix}&", PageSize, cancellationToken)
            .Select(job => job.Id).Where(id => id.StartsWith(prefix, StringComparison.Ordinal)).Take(2).ToListAsync(cancellationToken);
        return fitting switch
        {
            [var only] => JobId.Parse(only),
            [] => throw Unknown(what, text),
            _ => throw CommandException.BadInput($"{what}: expected the beginning of one job's id, got '{text}', which is that of {string.Join(" and ", fitting)} at least"),
        };
    }

    public async IAsyncEnumerable<JobRecorded> ReadAsync(JobId job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int? after = 0; after is { } seq;)
        {
            var page = await EventsAsync(job, seq, cancellationToken);
            foreach (var e in page.Items)
            {
                yield return RecordedOf(job, e);
            }

            after = page.Next;
        }
    }

    public async IAsyncEnumerable<JournalRow> RowsAsync(JobId job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int? after = 0; after is { } seq;)
        {
            var page = await api.GetAsync<RowPage>(string.Create(CultureInfo.InvariantCulture, $"jobs/{job}/journal?after={seq}"), cancellationToken);
            foreach (var row in page.Items)
            {
                yield return new JournalRow(job.Shard, row.ShardSeq ?? 0, job, row.Seq, page.Tenant, row.Event, row.Payload, row.At);
            }

            after = page.Next;
        }
    }

    public Task<byte[]?> FindContentAsync(JobId job, string tenant, string sha256, CancellationToken cancellationToken) =>
        new ServerArtifacts(api, job).FindAsync(tenant, sha256, cancellationToken);

    public async IAsyncEnumerable<JobSignal> FollowAsync(JobId job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stream = new ServerStream(api, job, screen.Note, time);
        while (await stream.NextAsync(cancellationToken) is { } signal)
        {
            yield return signal;
        }
    }

    public ArtifactReader ArtifactsOf(JobId job) => new(new ServerArtifacts(api, job));

    public Task<bool> IsDrivenAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }

    public static CommandException Strange(ServerAddress server, Exception error) => new(
        ExitCodes.Environment, $"The server {server} tells of a job what this version does not understand; expected a server of the same version ({error.Message})", error);

    private async Task<bool> ExistsAsync(JobId job, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetAsync<JobDetails>($"jobs/{job}", cancellationToken) is not null;
        }
        catch (ApiException answer) when (answer.Is(ProblemType.NotFound) || answer.Is(ProblemType.Quarantined))
        {
            return answer.Is(ProblemType.Quarantined);
        }
    }

    private async Task<EventPage> EventsAsync(JobId job, int after, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetAsync<EventPage>(string.Create(CultureInfo.InvariantCulture, $"jobs/{job}/events?after={after}"), cancellationToken);
        }
        catch (ApiException corrupt) when (corrupt.Is(ProblemType.Quarantined))
        {
            throw new JobQuarantinedException(job, corrupt.Message);
        }
    }

    private JobRecorded RecordedOf(JobId job, EventDetails e)
    {
        try
        {
            return ServerEvents.Of(job, e.Seq, e.Event, e.State, e.At, e.Node, e.Data);
        }
        catch (CorruptEventException error)
        {
            throw Strange(api.Server, error);
        }
    }

    /// <param name="filter">Ends in an ampersand where there is one.</param>
    private async IAsyncEnumerable<JobSummary> PagesAsync(string filter, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = "";
        do
        {
            var page = await api.GetAsync<JobPage>(string.Create(CultureInfo.InvariantCulture, $"jobs?{filter}limit={Math.Min(limit, PageSize)}{cursor}"), cancellationToken);
            foreach (var job in page.Items)
            {
                yield return job;
            }

            cursor = page.Next is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : null;
        }
        while (cursor is not null);
    }

    private static JobView ViewOf(JobSummary job) => new(
        JobId.Parse(job.Id),
        Configuration.HostSettings.Tenant,
        job.State,
        job.Seq,
        job.Title,
        job.Repository,
        job.BaseBranch,
        job.Branch,
        job.Agent,
        job.Priority,
        job.Attempt ?? 0,
        job.Round,
        job.PullRequest?.Number,
        job.PullRequest?.Url,
        job.Failure?.Code,
        job.Failure?.Message,
        job.SubmittedAt,
        job.UpdatedAt);

    private CommandException Unknown(string what, string text) =>
        CommandException.BadInput($"{what}: expected a job of the server {api.Server}, got '{text}', which is none; `aicd list` shows them");
}
