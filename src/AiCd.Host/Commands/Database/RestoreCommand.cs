using System.CommandLine;
using AiCd.Host.CommandLine;
using AiCd.Host.Exports;
using AiCd.Host.Output;
using AiCd.Host.StoreCare;
using AiCd.Host.StoreCare.Archives;
using AiCd.Host.StoreCare.Copying;

namespace AiCd.Host.Commands.Database;

/// <summary><c>aicd db restore</c>: fills an empty store from a backup, whichever engine that came from.</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "What `aicd db backup` wrote" };

    public static Command Create(Screen screen)
    {
        var command = new Command("restore", "Fill an empty store from a backup: all of it, verified, or nothing") { File, DatabaseOptions.Json, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd db restore aicd-monday.db --data ./restored", "AiCd__Postgres='Host=db;Database=aicd;Username=aicd;Password=...' aicd db restore aicd-monday.jsonl");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var (target, path) = (DatabaseScope.Create(arguments).Store, arguments.GetValue(File)!);
        var summary = IsDatabase(path)
            ? await FromDatabaseAsync(path, target, screen, interrupted)
            : await FromArchiveAsync(path, target, screen, interrupted);
        CopyCommand.Write(summary, target, arguments.GetValue(DatabaseOptions.Json));
        return ExitCodes.Done;
    }

    private static bool IsDatabase(string path)
    {
        try
        {
            return SqliteBackup.IsBackup(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw CommandException.BadInput($"FILE: expected a backup that can be read, got '{path}': {error.Message}", error);
        }
    }

    /// <summary>By way of a data folder of its own, where a backup of an older version is brought up to this one.</summary>
    private static async Task<CopySummary> FromDatabaseAsync(string path, StoreAddress target, Screen screen, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("aicd-restore-");
        try
        {
            var staged = new StoreAddress.Sqlite(folder.FullName);
            SqliteBackup.Unpack(path, staged);
            return await StoreMove.FromStoreAsync(staged, target, TimeProvider.System, screen.Note, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<CopySummary> FromArchiveAsync(string path, StoreAddress target, Screen screen, CancellationToken cancellationToken)
    {
        await using (var stream = System.IO.File.OpenRead(path))
        {
            var verified = await VerifiedFile.ReadAsync(stream, cancellationToken);
            if (verified.Archive is null)
            {
                throw CommandException.BadInput($"FILE: expected a backup of a store, got one of format {verified.Format}");
            }
        }

        await using var source = await ArchiveSource.OpenAsync(path, cancellationToken);
        return await StoreMove.FromTablesAsync(source, target, TimeProvider.System, screen.Note, cancellationToken);
    }
}
