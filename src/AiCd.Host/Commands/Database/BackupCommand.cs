using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Journal;
using AiCd.Host.CommandLine;
using AiCd.Host.Output;
using AiCd.Host.StoreCare;
using AiCd.Host.StoreCare.Archives;

namespace AiCd.Host.Commands.Database;

/// <summary><c>aicd db backup</c>: a copy of the store of one moment, also while nodes write to it.</summary>
internal static class BackupCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A file that is not there yet" };
    private static readonly Option<bool> Archive = new("--archive")
    {
        Description = "Of a data folder too, write the archive that every engine can restore (JSON Lines chained by hash); of a database that is always so",
    };

    public static Command Create(Screen screen)
    {
        var command = new Command("backup", "Write a backup of the store, also while nodes run") { File, Archive, DatabaseOptions.Json, SharedOptions.Postgres };
        command.SetAction((arguments, interrupted) => RunAsync(screen, arguments, interrupted));
        return command.WithExamples("aicd db backup aicd-monday.db", "aicd db backup --archive aicd-monday.jsonl && aicd verify aicd-monday.jsonl");
    }

    private static async Task<int> RunAsync(Screen screen, ParseResult arguments, CancellationToken interrupted)
    {
        var store = DatabaseScope.Create(arguments).Store;
        var path = arguments.GetValue(File)!;
        if (!store.MayExist)
        {
            throw new StoreUnusableException("not_found", $"There is no store in {store.Name}");
        }

        await using var file = NewFile.Create(path, "FILE");
        var line = store is StoreAddress.Sqlite folder && !arguments.GetValue(Archive)
            ? await CopyAsync(screen, folder, file, path, interrupted)
            : await ArchiveAsync(store, file, path, interrupted);
        file.Keep();
        Screen.Line(arguments.GetValue(DatabaseOptions.Json)
            ? JsonSerializer.Serialize(line, BackupJson.Default.BackupLine)
            : $"{line.Events} events, {line.Artifacts} artifacts and {new FileInfo(path).Length} bytes are in {TerminalText.Line(path)}");
        return line.Problems == 0 ? ExitCodes.Done : ExitCodes.Refuted;
    }

    private static async Task<BackupLine> CopyAsync(Screen screen, StoreAddress.Sqlite store, NewFile file, string path, CancellationToken cancellationToken)
    {
        var report = await SqliteBackup.WriteAsync(store, file, cancellationToken);
        if (report.Problems.Count > 0)
        {
            screen.Note($"The backup is as the store was, and that has {report.Problems.Count} problems: `aicd db check` names them");
        }

        return new BackupLine(path, "sqlite", report.Events, report.Artifacts, report.Problems.Count, null);
    }

    private static async Task<BackupLine> ArchiveAsync(StoreAddress store, NewFile file, string path, CancellationToken cancellationToken)
    {
        await using var tables = await store.ReadTablesAsync(cancellationToken);
        (await StoreSchema.ReadAsync(tables, store.Scripts, cancellationToken)).ThrowIfDifferent(store.Name);
        await using var writer = new StreamWriter(file.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        var (rows, hash) = await ArchiveWriter.WriteAsync(tables, writer, cancellationToken);
        return new BackupLine(path, ArchiveFormat.Name, rows["journal"], rows["artifacts"], 0, hash);
    }
}

/// <param name="Format">What restore makes of it.</param>
/// <param name="Problems">Of the store, as far as they are in the backup.</param>
/// <param name="Hash">Of an archive's last line.</param>
internal sealed record BackupLine(string File, string Format, long Events, long Artifacts, int Problems, string? Hash);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackupLine))]
internal sealed partial class BackupJson : JsonSerializerContext;
