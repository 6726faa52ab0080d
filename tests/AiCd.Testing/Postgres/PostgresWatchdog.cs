using System.Diagnostics;

namespace AiCd.Testing;

/// <summary>
/// A process that waits for the end of this one, in whatever way it comes, and then ends a cluster and deletes its folder.
/// </summary>
internal sealed class PostgresWatchdog : IAsyncDisposable
{
    // Arguments: folder with the programs, folder of the cluster. Standard input is a pipe from the test process that
    // carries nothing and ends with it. The signals are those of a terminal's Ctrl-C and hang-up, and of pipes to the dead.
    // Processes that the test froze are woken first: they would not hear that they are to end.
    private const string Script =
        """
        trap '' INT HUP TERM QUIT PIPE
        exec 2> /dev/null
        read -r
        if read -r server < "$2/data/postmaster.pid"; then
          kill -CONT $server $(< "/proc/$server/task/$server/children")
          "$1/pg_ctl" stop --silent --mode=immediate --timeout=10 --pgdata="$2/data" || kill -KILL $server
        fi
        rm -rf "$2"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private PostgresWatchdog(Process process) => _process = process;

    public static PostgresWatchdog Start(PostgresInstallation installation, string folder)
    {
        // In a session of its own, with no parent: whoever kills the tree of processes under the tests must miss it.
        var command = PostgresInstallation.Command(
            "setsid", ["--fork", "bash", "-c", Script, "watchdog", installation.Binaries, folder], folder);
        return new PostgresWatchdog(ProcessRunner.StartRedirected(command));
    }

    /// <summary>Has the cluster ended now and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();

        // It writes nothing: its output ends when it does, while the process that was started here forked it off long ago.
        await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        _process.Dispose();
    }
}
