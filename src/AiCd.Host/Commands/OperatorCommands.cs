using System.CommandLine;
using AiCd.Host.Commands.Administering;
using AiCd.Host.Commands.Database;
using AiCd.Host.Commands.Diagnosing;
using AiCd.Host.Commands.Inspecting;
using AiCd.Host.Commands.Mcp;
using AiCd.Host.Commands.Operating;
using AiCd.Host.Commands.Steering;
using AiCd.Host.Output;

namespace AiCd.Host.Commands;

/// <summary>What operators have beside driving jobs: looking into them, steering them, caring for the store and the machine.</summary>
internal static class OperatorCommands
{
    public static void AddTo(RootCommand root, Screen screen)
    {
        var commands = (IEnumerable<Command>)
        [
            JobsCommand.List(screen),
            JobsCommand.Show(screen),
            WatchCommand.Create(screen),
            LogsCommand.Create(screen),
            DiffCommand.Create(screen),
            OpenCommand.Create(screen),
            ReplayCommand.Create(screen),
            ExportCommand.Create(screen),
            VerifyCommand.Create(),
            SubmitCommand.Create(screen),
            .. SteeringCommands.All(screen),
            BudgetCommand.Create(screen),
            ClusterCommand.Create(screen),
            PoolCommand.Create(screen),
            .. NodeCommands.All(screen),
            ActorsCommand.Create(screen),
            TailCommand.Create(screen),
            DeadLettersCommand.Create(screen),
            TenantsCommand.Create(screen),
            KeysCommand.Create(screen),
            McpCommand.Create(screen),
            DatabaseCommand.Create(screen),
            DoctorCommand.Create(screen),
            CompletionCommand.Create(),
        ];
        foreach (var command in commands)
        {
            root.Add(command);
        }
    }
}
