using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Forge.GitHub;
using AiCd.Forge.GitHub.Work;
using AiCd.Forge.Local;

namespace AiCd.Forge;

/// <summary>The forge that a job's repository is on, told by its address alone.</summary>
internal sealed class ForgeRouter(LocalForge local, GitHubForge gitHub, GitHubHost host) : IForge
{
    public Task<string?> FindBranchAsync(PullRequestDraft draft, CancellationToken cancellationToken) => Of(draft).FindBranchAsync(draft, cancellationToken);

    public Task PushAsync(PullRequestDraft draft, Func<CancellationToken, Task<byte[]>> bundle, CancellationToken cancellationToken) =>
        Of(draft).PushAsync(draft, bundle, cancellationToken);

    public Task<PullRequestRef?> FindPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken) =>
        Of(draft).FindPullRequestAsync(draft, cancellationToken);

    public Task<PullRequestRef> OpenPullRequestAsync(PullRequestDraft draft, CancellationToken cancellationToken) =>
        Of(draft).OpenPullRequestAsync(draft, cancellationToken);

    public Task ClosePullRequestAsync(PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken) =>
        Of(draft).ClosePullRequestAsync(draft, pullRequest, cancellationToken);

    public Task ReadyAsync(PullRequestDraft draft, CancellationToken cancellationToken) => Of(draft).ReadyAsync(draft, cancellationToken);

    public bool Watches(PullRequestDraft draft) => Of(draft).Watches(draft);

    public bool KeepsEvidence(PullRequestDraft draft) => Of(draft).KeepsEvidence(draft);

    public Task<string> ReportEvidenceAsync(PullRequestDraft draft, ReviewEvidence evidence, CancellationToken cancellationToken) =>
        Of(draft).ReportEvidenceAsync(draft, evidence, cancellationToken);

    public Task<string?> AnnotateAsync(PullRequestDraft draft, PullRequestRef pullRequest, CancellationToken cancellationToken) =>
        Of(draft).AnnotateAsync(draft, pullRequest, cancellationToken);

    private IForge Of(PullRequestDraft draft) => host.Repository(draft.Repository) is null ? local : gitHub;
}
