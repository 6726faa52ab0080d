using System.Diagnostics;
using System.Globalization;

namespace AiCd.Testing;

/// <summary>The server programs of this machine, and how to run them: PostgreSQL refuses to run as root.</summary>
internal sealed class PostgresInstallation
{
    public const string Advice =
        "Tests need a PostgreSQL server. Install its programs (apt-get install postgresql), or name a running server in "
        + PostgresServer.ConnectionVariable + ": a connection string of a role that may create databases and roles.";

    private const string DebianFolder = "/usr/lib/postgresql";
    private const string ServerUser = "postgres";

    private PostgresInstallation(string binaries) => Binaries = binaries;

    public string Binaries { get; }

    /// <summary>Debian's newest version, or what PATH holds.</summary>
    public static PostgresInstallation Find()
    {
        var debian = Directory.Exists(DebianFolder) ? Directory.GetDirectories(DebianFolder) : [];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        var binaries = debian.OrderByDescending(Version).Select(folder => Path.Combine(folder, "bin"))
            .Concat(path)
            .FirstOrDefault(HoldsServer);
        return binaries is null ? throw new InvalidOperationException(Advice) : new PostgresInstallation(binaries);
    }

    /// <summary>A command of the user that owns the cluster.</summary>
    public static ProcessStartInfo Command(string file, IReadOnlyList<string> arguments, string workingFolder)
    {
        string[] line = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={ServerUser}", $"--regid={ServerUser}", "--init-groups", file, .. arguments]
            : [file, .. arguments];
        var command = ProcessRunner.Command(line[0], line[1..], workingFolder: workingFolder);
        foreach (var name in command.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            command.Environment.Remove(name);
        }

        command.Environment["LC_ALL"] = "C";
        return command;
    }

    public async Task RunAsync(
        string program, IReadOnlyList<string> arguments, string workingFolder, CancellationToken cancellationToken) =>
        (await ProcessRunner.RunAsync(
            Command(Path.Combine(Binaries, program), arguments, workingFolder), input: null, cancellationToken)).EnsureSuccess();

    /// <summary>Hands a folder to the user that the server runs as.</summary>
    public static async Task GiveAsync(string folder, CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            (await ProcessRunner.RunAsync("chown", ["--recursive", $"{ServerUser}:", folder], cancellationToken)).EnsureSuccess();
        }
    }

    private static double Version(string folder) =>
        double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static bool HoldsServer(string folder) =>
        new[] { "initdb", "pg_ctl", "postgres" }.All(program => File.Exists(Path.Combine(folder, program)));
}
