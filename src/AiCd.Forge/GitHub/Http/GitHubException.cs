using System.Net;
using AiCd.Actors.Ports;

namespace AiCd.Forge.GitHub.Http;

/// <summary>GitHub said no, or nothing. Each kind knows what it means for a job.</summary>
internal abstract class GitHubException(string message, Exception? inner = null) : Exception(message, inner)
{
    public abstract StageException ToStageException();
}

/// <summary>A refusal that trying again would only repeat.</summary>
internal sealed class GitHubRefusedException(HttpStatusCode status, string request, string reason)
    : GitHubException($"GitHub answered {request} with {(int)status}: {reason}")
{
    public HttpStatusCode Status { get; } = status;

    public string Reason { get; } = reason;

    public override StageException ToStageException() => Status switch
    {
        HttpStatusCode.Unauthorized => Of(FaultKind.Credentials, "github_unauthorized"),
        HttpStatusCode.Forbidden => Of(FaultKind.Credentials, "github_forbidden"),
        HttpStatusCode.NotFound => Of(FaultKind.Permanent, "github_not_found"),
        HttpStatusCode.Gone => Of(FaultKind.Permanent, "github_gone"),
        HttpStatusCode.UnavailableForLegalReasons => Of(FaultKind.Permanent, "github_blocked"),
        _ => Of(FaultKind.Permanent, "github_refused"),
    };

    private StageException Of(FaultKind kind, string code) => new(kind, code, Message, this);
}

/// <summary>A limit was reached, or a hold that a limit caused still lasts. The request was not carried out.</summary>
internal sealed class GitHubLimitedException(string request, TimeSpan wait)
    : GitHubException($"GitHub's limits let {request} wait for {wait.TotalSeconds:F0} s")
{
    public TimeSpan Wait { get; } = wait;

    public override StageException ToStageException() => new(FaultKind.ProviderDown, "github_limited", Message, this, Wait);
}

/// <summary>No answer, or one that says nothing: a write may have been carried out or not.</summary>
internal sealed class GitHubUnavailableException(string request, string reason, Exception? inner = null)
    : GitHubException($"GitHub did not answer {request}: {reason}", inner)
{
    public override StageException ToStageException() => new(FaultKind.ProviderDown, "github_unavailable", Message, this);
}
