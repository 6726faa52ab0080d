using AiCd.Actors.Ports;

namespace AiCd.Agents.Sandbox;

/// <summary>For nodes without a sandbox: they run nothing that a model chose.</summary>
public sealed class NoSandbox : ISandbox
{
    public Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken) =>
        throw new StageException(FaultKind.Permanent, "no_sandbox", "This node has no sandbox, so it runs no commands that a model chose");
}
