using System.CommandLine;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Database;

/// <summary><c>aicd db</c>: care for a store, whichever engine keeps it.</summary>
internal static class DatabaseCommand
{
    public static Command Create(Screen screen) => new("db", "Care for the store: the data folder's, or the database that --postgres names")
    {
        MigrateCommand.Create(),
        CheckCommand.Create(),
        CopyCommand.Create(screen),
        BackupCommand.Create(screen),
        RestoreCommand.Create(screen),
        PruneCommand.Create(screen),
    };
}
