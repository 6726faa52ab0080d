using AiCd.Actors.Hosting.Doctor;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Sandbox;

/// <summary>Makes a sandbox and runs a first command in it, as a node does before it trusts one.</summary>
internal sealed class SandboxDoctorCheck(NodeSandbox sandbox, IOptions<SandboxOptions> options) : IDoctorCheck
{
    public string Name => "sandbox";

    public async Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        if (await sandbox.FindProblemAsync(cancellationToken) is { } problem)
        {
            return DoctorFinding.Failed(
                $"commands that a model or a repository chose would not be run: {problem}",
                "install bubblewrap and allow user namespaces, as docs/security.md says; AiCd:Sandbox:Mode=None runs such commands without any sandbox");
        }

        return options.Value.Mode == SandboxMode.None
            ? DoctorFinding.Warning("turned off: commands that a model or a repository chose may do all that the node may", "remove AiCd:Sandbox:Mode=None")
            : DoctorFinding.Ok(sandbox.Description!);
    }
}
