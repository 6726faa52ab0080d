using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Ports;

/// <summary>Runs the repository's own commands on exactly the tree that is to be reviewed.</summary>
public interface IChecks
{
    Task<ChecksResult> RunAsync(StageContext context, CommittedChange change, CancellationToken cancellationToken);
}
