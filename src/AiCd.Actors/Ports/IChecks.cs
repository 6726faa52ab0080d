using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Actors.Ports;

/// <summary>Runs the repository's own commands on exactly the tree that is to be reviewed, and holds the change against its rules.</summary>
public interface IChecks
{
    /// <param name="workspace">Shows the change's tree. Commands may leave things in it, so no reviewer looks at it afterwards.</param>
    Task<ChecksResult> RunAsync(StageContext context, IWorkspace workspace, CommittedChange change, CancellationToken cancellationToken);
}
