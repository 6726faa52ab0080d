using System.Security.Cryptography;
using System.Text.Json;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Web.Json;
using AiCd.Web.Problems;
using AiCd.Web.Tenants;

namespace AiCd.Web.Jobs;

/// <summary>Makes jobs of requests, once for every idempotency key.</summary>
public sealed class JobSubmission(TenantScope scope, TenantRules rules, IAgents agents, JobTargets targets, TimeProvider time)
{
    private const int MaxKey = 200;

    /// <exception cref="ProblemException">A field is not what is expected, or the tenant may not.</exception>
    public async Task<SubmitResult> SubmitAsync(SubmitJobRequest request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var key = idempotencyKey is null ? null : KeyOf(idempotencyKey);
        var job = Read(request, scope.Tenant, agents, time.GetUtcNow()) with { IdempotencyKey = key, RequestHash = key is null ? null : HashOf(request) };
        await rules.ThrowIfNeverAllowedAsync(scope.Tenant, job.Repository, cancellationToken);
        if (key is null || !await scope.IsKnownAsync(key, cancellationToken))
        {
            await rules.ThrowIfExhaustedAsync(scope, cancellationToken);
            job = await ResolveAsync(job, cancellationToken);

            // Where it leads in the end: a link on the way may lead elsewhere.
            await rules.ThrowIfNotAllowedAsync(scope.Tenant, job.Repository, cancellationToken);
        }

        var result = await scope.SubmitAsync(job, cancellationToken);
        return result.OtherRequest
            ? throw new ProblemException(ProblemType.KeyReused, $"The key came first with another request, which made job {result.Job}", "Idempotency-Key", "a key of its own for every request")
            : result;
    }

    /// <summary>What can be judged without store and repository, wherever the request comes from.</summary>
    /// <exception cref="ProblemException">A field is not what is expected.</exception>
    internal static NewJob Read(SubmitJobRequest request, string tenant, IAgents agents, DateTimeOffset now)
    {
        if (request.Budget is { } budget && (budget <= 0 || budget > Money.Most))
        {
            throw ProblemException.Field("budget", $"more than 0 and at most {Money.Most} US dollars", budget.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (request.Deadline is { } deadline && deadline <= now)
        {
            throw ProblemException.Field("deadline", "a time that is still to come", deadline.ToString("O"));
        }

        return new NewJob(
            tenant,
            FieldRules.Line("repository", request.Repository, FieldRules.MaxAddress),
            FieldRules.OptionalLine("baseBranch", request.BaseBranch, FieldRules.MaxName) ?? "",
            FieldRules.Line("title", request.Title, FieldRules.MaxTitle),
            FieldRules.Text("body", request.Body ?? "", FieldRules.MaxText, mayBeEmpty: true),
            AgentOf(agents, request.Agent),
            FieldRules.Number("priority", request.Priority ?? 0, -100, 100),
            request.Url is { } url ? FieldRules.Url("url", url) : null,
            request.RequirePlanApproval ?? false,
            FieldRules.Labels("labels", request.Labels),
            Whole(request.NotBefore),
            Whole(request.Deadline),
            BudgetMicros: request.Budget is { } dollars ? Money.ToMicros(dollars) : null);
    }

    /// <summary>Looks at the repository, which takes its time and is not done for a key that was seen before.</summary>
    private async Task<NewJob> ResolveAsync(NewJob job, CancellationToken cancellationToken)
    {
        try
        {
            var (target, agent) = await targets.ResolveAsync(scope.Tenant, job.Repository, job.BaseBranch, job.Agent, fallback: null, cancellationToken);
            return job with { Repository = target.Repository, BaseBranch = target.BaseBranch, Agent = agent };
        }
        catch (StageException refused) when (refused.Kind is FaultKind.Permanent or FaultKind.Credentials)
        {
            var (field, expected) = refused.Code switch
            {
                "unknown_agent" or "agent_not_allowed" => ("agent", "an agent that this node has and lets repositories ask for"),
                _ when refused.Code.StartsWith("base_", StringComparison.Ordinal) => ("baseBranch", "a branch with a commit"),
                _ => ("repository", "a git repository that can be read"),
            };
            throw new ProblemException(ProblemType.Unprocessable, refused.Message, field, expected);
        }
        catch (StageException refused)
        {
            throw new ProblemException(Problem.Of(ProblemType.Unavailable, refused.Message) with { RetryAfter = (int?)refused.RetryAfter?.TotalSeconds ?? 5 }, refused);
        }
    }

    /// <returns>Empty where nobody is asked for.</returns>
    private static string AgentOf(IAgents agents, string? name) => name is null ? "" : agents.Find(name)?.Name
        ?? throw ProblemException.Field("agent", $"one of {string.Join(", ", agents.Names.Order(StringComparer.Ordinal))}", name);

    internal static string KeyOf(string key) => key.Length is > 0 and <= MaxKey && key.All(c => c is > ' ' and < (char)127)
        ? key
        : throw ProblemException.Field("Idempotency-Key", $"1 to {MaxKey} visible ASCII characters", key);

    internal static string HashOf(SubmitJobRequest request) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, WebJson.Options)));

    private static DateTimeOffset? Whole(DateTimeOffset? at) => at is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()) : null;
}
