using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiCd.Testing;

namespace AiCd.Benchmarks;

/// <summary>Runs measures and keeps what they printed, as a table for people and as JSON for programs. Results of the same name and day are added to.</summary>
internal sealed class ResultFiles
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    private readonly string _file;
    private readonly JsonObject _results;

    public ResultFiles(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        _file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-{name}"));
        _results = File.Exists($"{_file}.json") ? JsonNode.Parse(File.ReadAllText($"{_file}.json"))!.AsObject() : [];
    }

    /// <summary>False where a measure failed, or its own target does not hold.</summary>
    public bool AllSucceeded { get; private set; } = true;

    public async Task AddAsync(string measure, string[] arguments, CancellationToken cancellationToken)
    {
        var command = ProcessRunner.Command(Environment.ProcessPath!, [.. arguments, "--json"]);
        var run = await ProcessRunner.RunAsync(command, input: null, cancellationToken);
        AllSucceeded &= run.ExitCode == 0;
        var line = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(line => line.StartsWith('{'));
        var result = line is null ? new JsonObject { ["error"] = run.Errors.Trim() } : JsonNode.Parse(line)!.AsObject();
        result["command"] = $"AiCd.Benchmarks {string.Join(' ', arguments)} --json";
        _results[measure] = result;
    }

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync($"{_file}.json", _results.ToJsonString(Readable) + "\n", cancellationToken);
        await File.WriteAllTextAsync($"{_file}.md", Table(), cancellationToken);
    }

    private string Table()
    {
        var first = _results.First().Value!.AsObject();
        var text = new StringBuilder($"# Benchmarks\n\n{first["machine"]}; {first["runtime"]}; {first["store"]}.\n");
        foreach (var (measure, node) in _results)
        {
            var result = node!.AsObject();
            text.Append(CultureInfo.InvariantCulture, $"\n## {measure}\n\n`{result["command"]}`\n\n| figure | value |\n|---|---|\n");
            foreach (var (name, value) in result.Where(figure => figure.Key is not ("measure" or "machine" or "runtime" or "command")))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {name} | {Cell(value)} |\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(JsonNode? value) => value switch
    {
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => Number(number.GetValue<double>()),
        JsonObject parts => string.Join(", ", parts.Select(part => $"{part.Key} {Cell(part.Value)}")),
        JsonArray items => items.Count == 0 ? "none" : string.Join("; ", items.Select(Cell)),
        _ => value?.ToString() ?? "",
    };

    private static string Number(double number) =>
        number.ToString(Math.Abs(number) >= 100 || number == Math.Floor(number) ? "#,##0" : "0.###", CultureInfo.InvariantCulture);
}
