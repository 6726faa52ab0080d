using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Jobs.Stored;
using AiCd.Web.Jobs;
using AiCd.Web.Tenants;

namespace AiCd.Web.Dashboard.Pages.OneJob;

/// <summary>All that a page shows of a job, read again when the job moves on; contents never change and are read once.</summary>
public sealed class JobFile(TenantScope scope, JobReader reader, JobHistory history)
{
    private const int PageSize = 1_000;
    private const int MostContents = 200;

    private readonly List<EventDetails> _events = [];
    private readonly Dictionary<string, byte[]?> _contents = [];

    public Job Job { get; private set; } = null!;

    /// <summary>The job as it is now.</summary>
    public JobDetails Now { get; private set; } = null!;

    /// <summary>The job as it was at the event that is looked at, or as it is now.</summary>
    public JobDetails Shown { get; private set; } = null!;

    /// <summary>Null while the page shows the job as it is.</summary>
    public int? At { get; private set; }

    public IReadOnlyList<EventDetails> Events => _events;

    public IReadOnlyList<JobArtifact> Artifacts { get; private set; } = [];

    /// <param name="at">The event to show the job at; null for now. What the job has not is passed over.</param>
    public async Task ReadAsync(string id, int? at, CancellationToken cancellationToken)
    {
        Job = await scope.GetAsync(id, cancellationToken);
        Now = await reader.DetailsAsync(Job, cancellationToken);
        for (int? after = _events.Count == 0 ? 0 : _events[^1].Seq; after is { } seq && seq < Job.Seq;)
        {
            var page = await history.EventsAsync(Job, seq, PageSize, cancellationToken);
            _events.AddRange(page.Items);
            after = page.Next;
        }

        At = at >= 1 && at < Job.Seq ? at : null;
        Shown = At is { } number ? (await reader.DetailsAsync(await history.AtAsync(Job, number, cancellationToken), cancellationToken)) with { Waiting = null } : Now;
        Artifacts = [.. (await history.ArtifactsAsync(Job, cancellationToken)).Where(artifact => At is null || artifact.Seq <= At).Select(JobArtifact.Of)];
    }

    public IReadOnlyList<JobArtifact> OfKind(string kind) => [.. Artifacts.Where(artifact => artifact.Kind == kind)];

    /// <returns>Null where it was collected.</returns>
    public async Task<string?> TextAsync(JobArtifact artifact, CancellationToken cancellationToken)
    {
        if (!_contents.TryGetValue(artifact.Sha256, out var content))
        {
            content = (await history.ArtifactAsync(Job, artifact.Sha256, cancellationToken))?.Content;
            if (_contents.Count >= MostContents)
            {
                _contents.Clear();
            }

            _contents[artifact.Sha256] = content;
        }

        return content is null ? null : Encoding.UTF8.GetString(content);
    }

    public Task<PlanResult?> PlanAsync(JobArtifact artifact, CancellationToken cancellationToken) => ParseAsync(artifact, JobJson.Default.PlanResult, cancellationToken);

    public Task<ReviewResult?> ReviewAsync(JobArtifact artifact, CancellationToken cancellationToken) => ParseAsync(artifact, JobJson.Default.ReviewResult, cancellationToken);

    public Task<ChecksResult?> ChecksAsync(JobArtifact artifact, CancellationToken cancellationToken) => ParseAsync(artifact, JobJson.Default.ChecksResult, cancellationToken);

    /// <returns>Null where it was collected, or is not what it should be.</returns>
    private async Task<T?> ParseAsync<T>(JobArtifact artifact, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await TextAsync(artifact, cancellationToken) is { } text ? JsonSerializer.Deserialize(text, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Something that the job left, and the event that names it.</summary>
public sealed record JobArtifact(string Kind, string Sha256, long Size, string MediaType, int Seq, string Url)
{
    public static JobArtifact Of(ArtifactDetails details) => new(details.Kind, details.Sha256, details.Size, details.MediaType, details.Seq, details.Url);
}
