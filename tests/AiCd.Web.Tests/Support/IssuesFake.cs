using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Projections;
using AiCd.Actors.Runtime;

namespace AiCd.Web.Tests.Support;

/// <summary>Issues as a forge would tell of them: as the last delivery showed them, unless a test says otherwise.</summary>
internal sealed class IssuesFake(IStore store, Writers writers, ITenantRules rules, TimeProvider time) : IIssueTriggers
{
    private readonly ConcurrentDictionary<string, Issue> _issues = new();

    /// <summary>The pull requests that somebody told of.</summary>
    public ConcurrentQueue<int> PullRequestsLookedAt { get; } = new();

    /// <summary>The job whose pull request is asked about.</summary>
    public JobId? PullRequestOf { get; set; }

    public void Show(JsonObject delivery)
    {
        if (delivery["issue"] is JsonObject { } issue && issue["title"] is { } title)
        {
            Set((string)delivery["repository"]!["full_name"]!, (int)issue["number"]!, (string)title!, (string?)issue["body"] ?? "", closed: (string?)delivery["action"] == "closed");
        }
    }

    public void Set(string repository, int number, string title, string body = "", bool closed = false) => _issues[LabelOf(repository, number)] = new Issue(title, body, closed);

    public bool IsMark(string? label) => "aicd".Equals(label, StringComparison.OrdinalIgnoreCase);

    public async Task<TriggerResult> TriggerAsync(IJobGateway jobs, IssueTrigger trigger, CancellationToken cancellationToken)
    {
        if (await writers.FindAsync(trigger.Tenant, trigger.Repository, trigger.By ?? "", cancellationToken) < ForgeRole.Write)
        {
            return new TriggerResult(null, Created: false, $"{trigger.By} may not write");
        }

        var (label, address) = (LabelOf(trigger.Repository, trigger.Number), $"https://github.com/{trigger.Repository}");
        if (await rules.FindObjectionAsync(trigger.Tenant, address, replaces: false, cancellationToken) is { } objection)
        {
            return new TriggerResult(null, Created: false, objection);
        }

        var issue = _issues[label];
        var made = await jobs.SubmitAsync(
            new NewJob(
                trigger.Tenant, address, "main", issue.Title, issue.Body, "mock",
                Url: $"{address}/issues/{trigger.Number}",
                RequirePlanApproval: trigger.RequirePlanApproval ?? false,
                Labels: [label],
                IdempotencyKey: $"{label} {trigger.Mark ?? "labeled"}",
                Exclusive: label,
                By: $"github:{trigger.By}"),
            cancellationToken);
        return new TriggerResult(made.Job, made.Created, Reason: null);
    }

    public async Task<JobId?> FindJobAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken)
    {
        var label = LabelOf(place.Repository, place.Number);
        var found = await store.Queries.ListAsync(place.Tenant, new JobListQuery(new JobFilter(Label: label), JobSort.Newest, After: null, Limit: 1), cancellationToken);
        return await AtWorkAsync(place, cancellationToken) ?? (found.Count > 0 ? found[0].Id : null);
    }

    public async Task<JobId?> RecheckAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken)
    {
        if (await AtWorkAsync(place, cancellationToken) is not { } job)
        {
            return null;
        }

        var issue = _issues[LabelOf(place.Repository, place.Number)];
        var body = NewArtifact.Text(ArtifactKinds.Issue, issue.Body, "text/markdown");
        var at = time.GetUtcNow();
        JobCommand command = issue.Closed ? new JobCommand.Cancel("The issue was closed") { At = at } : new JobCommand.EditIssue(issue.Title, body.Ref) { At = at };
        await jobs.SendAsync(job, command, body.Content is { } content ? [content] : [], cancellationToken);
        return job;
    }

    public Task<JobId?> PullRequestChangedAsync(IJobGateway jobs, IssueTrigger place, CancellationToken cancellationToken)
    {
        PullRequestsLookedAt.Enqueue(place.Number);
        return Task.FromResult(PullRequestOf);
    }

    private Task<JobId?> AtWorkAsync(IssueTrigger place, CancellationToken cancellationToken) =>
        store.Journal.FindClaimAsync(place.Tenant, ClaimKinds.Exclusive, LabelOf(place.Repository, place.Number), cancellationToken);

    private static string LabelOf(string repository, int number) => $"github:{repository}#{number}";

    private sealed record Issue(string Title, string Body, bool Closed);
}
