using System.Globalization;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>
/// Stands in for git and stops at a command that fits a pattern, before or after git has carried it out, until it is released: so a test
/// can kill whoever called it at exactly that point.
/// </summary>
internal sealed class GitTrap : IAsyncDisposable
{
    public const string Before = "before";
    public const string After = "after";

    private readonly string _folder;
    private bool _released;

    private GitTrap(string folder) => _folder = folder;

    public string Executable => Path.Combine(_folder, "git");

    private string Sprung => Path.Combine(_folder, "sprung");

    /// <param name="pattern">An extended regular expression over the command line.</param>
    public static async Task<GitTrap> SetAsync(string folder, string pattern, string when, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var trap = new GitTrap(folder);
        var script = $"""
            #!/bin/sh
            if ! printf '%s' "$*" | grep -Eq '{pattern}'; then exec git "$@"; fi
            {(when == After ? "git \"$@\"" : "")}
            echo $$ > '{trap.Sprung}.new'
            mv '{trap.Sprung}.new' '{trap.Sprung}'
            exec sleep 600

            """;
        await File.WriteAllTextAsync(trap.Executable, script, cancellationToken);
        File.SetUnixFileMode(trap.Executable, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return trap;
    }

    /// <summary>Waits until somebody is caught.</summary>
    public Task SprungAsync(CancellationToken cancellationToken) => Eventually.HoldsAsync(() => File.Exists(Sprung), cancellationToken);

    /// <summary>Ends the caught process, without letting git go on.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (!_released && File.Exists(Sprung))
        {
            _released = true;
            var pid = int.Parse(await File.ReadAllTextAsync(Sprung, cancellationToken), CultureInfo.InvariantCulture);
            await ProcessRunner.RunAsync("kill", ["-KILL", pid.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync(CancellationToken.None);
}
