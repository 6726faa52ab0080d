using System.ComponentModel;
using System.Diagnostics;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Output;

/// <summary>Shows a page in the browser of whoever sits here.</summary>
internal static class Browser
{
    /// <summary>A program that still runs by then shows the page; one that only passes the page on has ended, and tells by its exit code whether it could.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private static readonly string[] Secret = ["KEY", "TOKEN", "SECRET", "PASSWORD"];

    /// <exception cref="CommandException">It is no page, or no browser could be started.</exception>
    public static async Task OpenAsync(string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new CommandException(ExitCodes.Refuted, $"Expected a page that a browser shows, got '{address}'");
        }

        try
        {
            using var process = Process.Start(CommandFor(url));
            if (process is not null && await EndedAsync(process, cancellationToken) && process.ExitCode != 0)
            {
                throw new CommandException(ExitCodes.Environment, $"The browser ended with exit code {process.ExitCode}; BROWSER names another");
            }
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            throw new CommandException(ExitCodes.Environment, $"No browser could be started ({error.Message}); BROWSER names one", error);
        }
    }

    // Not left before: who ends a terminal's session at once would take the program with it before it did anything.
    private static async Task<bool> EndedAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(Settling, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static ProcessStartInfo CommandFor(Uri url)
    {
        if (OperatingSystem.IsWindows())
        {
            return new ProcessStartInfo(url.AbsoluteUri) { UseShellExecute = true };
        }

        var program = Environment.GetEnvironmentVariable("BROWSER")?.Split(':')[0] is { Length: > 0 } named ? named : OperatingSystem.IsMacOS() ? "open" : "xdg-open";
        var command = new ProcessStartInfo(program, [url.AbsoluteUri]);

        // A browser needs to know nothing of what AiCd may do.
        foreach (var name in command.Environment.Keys.Where(IsPrivate).ToList())
        {
            command.Environment.Remove(name);
        }

        return command;
    }

    private static bool IsPrivate(string name) =>
        name.StartsWith("AiCd", StringComparison.OrdinalIgnoreCase) || Secret.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
