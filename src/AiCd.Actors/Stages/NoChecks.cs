using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;

namespace AiCd.Actors.Stages;

/// <summary>For repositories that configure no checks: then none are required.</summary>
public sealed class NoChecks : IChecks
{
    public Task<ChecksResult> RunAsync(StageContext context, IWorkspace workspace, CommittedChange change, CancellationToken cancellationToken) =>
        Task.FromResult(new ChecksResult(change.TreeSha, []));
}
