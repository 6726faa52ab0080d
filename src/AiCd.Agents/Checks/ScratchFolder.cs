using System.Diagnostics;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Checks;

/// <summary>Deletes a folder in which commands of a sandbox made whatever they liked: read-only folders, names that .NET cannot spell.</summary>
internal static class ScratchFolder
{
    public static async Task DeleteAsync(string folder)
    {
        if (ToolPath.Find("chmod") is { } chmod)
        {
            await RunAsync(chmod, "-R", "u+rwX", "--", folder);
        }

        if (ToolPath.Find("rm") is { } rm)
        {
            await RunAsync(rm, "-rf", "--", folder);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = await StarterThread.StartAsync(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
    }
}
