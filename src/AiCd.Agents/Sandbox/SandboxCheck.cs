using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Sandbox;

/// <summary>Says at the start of a node how commands will be run, or that they will not be.</summary>
internal sealed class SandboxCheck(NodeSandbox sandbox, IOptions<SandboxOptions> options, ILogger<SandboxCheck> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await sandbox.FindProblemAsync(stoppingToken) is { } problem)
        {
            SandboxLog.Missing(logger, problem);
        }
        else if (options.Value.Mode == SandboxMode.None)
        {
            SandboxLog.TurnedOff(logger);
        }
        else
        {
            SandboxLog.Found(logger, sandbox.Description!);
        }
    }
}
