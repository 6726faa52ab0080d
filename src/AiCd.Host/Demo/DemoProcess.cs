using System.Diagnostics;
using AiCd.Forge.Git;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Demo;

/// <summary>Runs what makes the demo's repository; git reads nothing of the user's configuration.</summary>
internal static class DemoProcess
{
    public static async Task RunAsync(string program, string[] arguments, string folder, string input, CancellationToken cancellationToken)
    {
        var found = SearchPath.Find(program) ?? throw new CommandException(ExitCodes.Environment, $"{program}: expected in PATH, found nowhere");
        var start = new ProcessStartInfo(found, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await output;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new CommandException(ExitCodes.Environment, $"{program} {arguments[0]} ended with exit code {process.ExitCode}: {await errors}");
        }
    }
}
