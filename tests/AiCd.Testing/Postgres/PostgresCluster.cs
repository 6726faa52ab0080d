using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace AiCd.Testing;

/// <summary>
/// A PostgreSQL cluster in a temporary folder, listening on the loopback address and on a socket in its folder. It ends, and
/// its folder vanishes, with this process at the latest.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly PostgresInstallation _installation;
    private readonly TemporaryFolder _folder;
    private readonly PostgresWatchdog _watchdog;
    private readonly string _password = RandomNumberGenerator.GetHexString(32, lowercase: true);

    private PostgresCluster(PostgresInstallation installation, TemporaryFolder folder)
    {
        _installation = installation;
        _folder = folder;
        _watchdog = PostgresWatchdog.Start(installation, folder.Location);
        Port = FreePort();
        AdminConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Database = "postgres",
            Username = "postgres",
            Password = _password,
        }.ConnectionString;
    }

    public int Port { get; }

    /// <summary>Holds the data, the log and the server's socket.</summary>
    public string Folder => _folder.Location;

    internal string AdminConnectionString { get; }

    /// <summary>The server's first process.</summary>
    internal int ServerId =>
        int.Parse(File.ReadLines(PidFile).First(), CultureInfo.InvariantCulture);

    private string PidFile => Path.Combine(DataFolder, "postmaster.pid");

    private string DataFolder => _folder.Combine("data");

    private string LogFile => _folder.Combine("log");

    /// <summary>A fresh database. It goes with the cluster, not before: the server may be down when the test ends.</summary>
    public Task<TestDatabase> CreateDatabaseAsync(CancellationToken cancellationToken = default) =>
        new DatabaseFactory(AdminConnectionString, drops: false).CreateAsync(cancellationToken);

    /// <summary>Starts the server and returns when it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await ControlAsync(["start", "--silent", "--wait", $"--log={LogFile}"], cancellationToken);
        }
        catch (InvalidOperationException failure) when (File.Exists(LogFile))
        {
            throw new InvalidOperationException($"{failure.Message}\n{await ReadLogAsync(cancellationToken)}", failure);
        }
    }

    /// <summary>Stops the server in an orderly way: open sessions are ended, open transactions rolled back.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        ControlAsync(["stop", "--silent", "--mode=fast"], cancellationToken);

    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>SIGKILL to all of the server's processes at once, as a failing machine would end them.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        await ProcessTable.WaitForEndAsync(SignalAll(Signal.Kill), cancellationToken);

        // In a container whose first process does not reap orphans the dead server keeps its id, and these files would
        // make the next start believe that it lives.
        File.Delete(PidFile);
        File.Delete(_folder.Combine($".s.PGSQL.{Port}.lock"));
    }

    /// <summary>Freezes all of the server's processes: connections stay open and nothing answers.</summary>
    public void Pause() => SignalAll(Signal.Stop);

    public void Continue() => SignalAll(Signal.Continue);

    public Task<string> ReadLogAsync(CancellationToken cancellationToken = default) =>
        File.ReadAllTextAsync(LogFile, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _watchdog.DisposeAsync();
        _folder.Dispose();
    }

    internal static async Task<PostgresCluster> CreateAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        var installation = PostgresInstallation.Find();
        var folder = new TemporaryFolder();
        await PostgresInstallation.GiveAsync(folder.Location, cancellationToken);
        var cluster = new PostgresCluster(installation, folder);
        try
        {
            await cluster.InitializeAsync(options, cancellationToken);
            await cluster.StartAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task InitializeAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        // The folder is closed to other users, so whoever reaches the socket may in; the port is open to all of the machine.
        var passwordFile = _folder.Combine("password");
        await File.WriteAllTextAsync(passwordFile, _password, cancellationToken);
        await PostgresInstallation.GiveAsync(_folder.Location, cancellationToken);
        await _installation.RunAsync(
            "initdb",
            [
                $"--pgdata={DataFolder}", "--username=postgres", $"--pwfile={passwordFile}", "--auth-local=trust",
                "--auth-host=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions",
            ],
            _folder.Location,
            cancellationToken);

        var settings = new Dictionary<string, string>(options.Settings)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = _folder.Location,
            ["fsync"] = options.Fsync ? "on" : "off",
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
        };
        await File.AppendAllLinesAsync(
            Path.Combine(DataFolder, "postgresql.conf"),
            settings.Select(setting => $"{setting.Key} = '{setting.Value.Replace("'", "''", StringComparison.Ordinal)}'"),
            cancellationToken);
    }

    private Task ControlAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        _installation.RunAsync("pg_ctl", [.. arguments, $"--pgdata={DataFolder}"], _folder.Location, cancellationToken);

    private List<int> SignalAll(Signal signal)
    {
        var server = ServerId;

        // The parent first: it would otherwise replace or mourn its children.
        List<int> processes = [server, .. ProcessTable.DescendantsOf(server)];
        foreach (var process in processes)
        {
            NativeSignals.Send(process, signal);
        }

        return processes;
    }

    private static int FreePort()
    {
        // Below the range from which the kernel takes ports for outgoing connections: while the server is down, as
        // between stop and start, none of those may occupy its port.
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                continue;
            }
        }
    }
}
