using System.ComponentModel;
using System.Diagnostics;
using AiCd.Host.CommandLine;

namespace AiCd.Host.Output;

/// <summary>Shows a page in the browser of whoever sits here.</summary>
internal static class Browser
{
    private static readonly string[] Secret = ["KEY", "TOKEN", "SECRET", "PASSWORD"];

    /// <exception cref="CommandException">It is no page, or no browser could be started.</exception>
    public static void Open(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new CommandException(ExitCodes.Refuted, $"Expected a page that a browser shows, got '{address}'");
        }

        try
        {
            using var process = Process.Start(CommandFor(url));
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            throw new CommandException(ExitCodes.Environment, $"No browser could be started ({error.Message}); BROWSER names one", error);
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
