using System.ComponentModel;
using System.Diagnostics;
using AiCd.Actors.Hosting.Doctor;
using AiCd.Forge;
using AiCd.Forge.Git;

namespace AiCd.Host.Doctor;

/// <summary>Whether there is a git, and one that is new enough.</summary>
internal sealed class GitCheck(ForgeOptions options) : IDoctorCheck
{
    // GIT_CONFIG_GLOBAL, which keeps the user's configuration out, is of 2.32; trusting all folders by safe.directory is of 2.36.
    private static readonly Version Oldest = new(2, 36);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "git";

    public async Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        if (SearchPath.Find(options.Executable) is not { } program)
        {
            return DoctorFinding.Failed($"there is no program '{options.Executable}' in PATH", "install git, or name it by AiCd:Git:Executable");
        }

        try
        {
            var text = await VersionAsync(program, cancellationToken);
            return Parse(text) switch
            {
                null => DoctorFinding.Failed($"{program} is no git: it says '{text}'", "install git, or name it by AiCd:Git:Executable"),
                var version when version < Oldest => DoctorFinding.Failed($"{program} is of version {version}", $"install version {Oldest} or a newer one"),
                var version => DoctorFinding.Ok($"{program}, version {version}"),
            };
        }
        catch (Exception error) when (error is Win32Exception or IOException or TimeoutException)
        {
            return DoctorFinding.Failed($"{program} cannot be run: {error.Message}", "install git anew, or name another one by AiCd:Git:Executable");
        }
    }

    private static async Task<string> VersionAsync(string program, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["version"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        using var git = Process.Start(start)!;
        git.StandardInput.Close();
        try
        {
            return (await git.StandardOutput.ReadToEndAsync(cancellationToken).WaitAsync(Patience, cancellationToken)).Trim();
        }
        finally
        {
            if (!git.HasExited)
            {
                git.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Of <c>git version 2.39.5 (Apple Git-154)</c> the numbers that lead.</summary>
    private static Version? Parse(string text)
    {
        const string Prefix = "git version ";
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var numbers = text[Prefix.Length..].Split(' ', 2)[0].Split('.').TakeWhile(part => part.All(char.IsAsciiDigit) && part.Length > 0).Take(3);
        return Version.TryParse(string.Join('.', numbers), out var version) ? version : null;
    }
}
