using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;
using AiCd.Host.Exports;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Inspecting;

/// <summary><c>aicd verify</c>: whether a file is what AiCd wrote. It needs no store.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "What `aicd export` or `aicd db backup` wrote; - reads standard input" };

    public static Command Create()
    {
        var command = new Command("verify", "Check the chain, the contents and the replay of an exported file") { File, JobArgument.Json };
        command.SetAction(RunAsync);
        return command.WithExamples("aicd verify job.jsonl", "aicd export 01k9z3m7c | aicd verify - --json");
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken interrupted)
    {
        await using var stream = Open(arguments.GetValue(File)!);
        var verified = await VerifiedFile.ReadAsync(stream, interrupted);
        if (arguments.GetValue(JobArgument.Json))
        {
            Screen.Line(JsonSerializer.Serialize(VerifiedLine.Of(verified), VerifiedJson.Default.VerifiedLine));
        }
        else
        {
            Write(verified);
        }

        return ExitCodes.Done;
    }

    private static void Write(VerifiedFile verified)
    {
        Screen.Line(verified switch
        {
            { Job: { } job } => $"Sound: job {job.Job}, {job.Events} events, {job.Artifacts} artifacts, "
                + (job.State is { } state ? $"replayed to {WireNames.Of(state)}" : "whose history cannot be replayed, as in the store that it came from"),
            { Archive: { } archive } => $"Sound: a store of {archive.Tables.Count} tables and {archive.Rows} rows, {archive.Jobs} jobs replayed",
            _ => "Sound",
        });
        if (verified.Missing > 0)
        {
            Screen.Line($"Of its artifacts {verified.Missing} were not in the store when it was exported");
        }

        Screen.Line($"Hash of the last line: {verified.Hash}");
    }

    private static Stream Open(string path)
    {
        try
        {
            return path == "-" ? Console.OpenStandardInput() : System.IO.File.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw CommandException.BadInput($"FILE: expected a file that can be read, got '{path}': {error.Message}", error);
        }
    }
}

internal sealed record VerifiedLine(
    string Format, int Version, long Lines, string Hash, JobId? JobId, int? Events, int? Artifacts, int Missing, JobState? State, IReadOnlyDictionary<string, long>? Tables, int? Jobs)
{
    public static VerifiedLine Of(VerifiedFile file) => new(
        file.Format, file.Version, file.Lines, file.Hash, file.Job?.Job, file.Job?.Events, file.Job?.Artifacts, file.Missing, file.Job?.State, file.Archive?.Tables, file.Archive?.Jobs);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerifiedLine))]
internal sealed partial class VerifiedJson : JsonSerializerContext;
