namespace AiCd.Host.Demo;

/// <summary>
/// The demo of an agent on a model, without one: a sample with a bug, and a cassette with answers that were written for it. The tools, the
/// sandbox, the checks and the review's rejection are as real as with a model.
/// </summary>
internal static class DemoReplay
{
    public static IReadOnlyList<string> Agents { get; } = ["anthropic", "openai"];

    /// <summary>Makes the repository and its issue, and lays the cassette beside them.</summary>
    public static async Task MakeAsync(DemoFolder folder, string agent, CancellationToken cancellationToken)
    {
        await CopyAsync($"demo/{agent}.json", folder.Cassette, cancellationToken);
        var script = folder.Combine("make.sh");
        await CopyAsync("demo/make.sh", script, cancellationToken);
        await DemoProcess.RunAsync("bash", [script, folder.Sample], folder.Location, "", cancellationToken);
    }

    /// <summary>What makes the agent ask the cassette.</summary>
    public static IEnumerable<(string Key, string? Value)> Settings(DemoFolder folder) =>
        [("AICD_CASSETTE", "replay"), ("AICD_CASSETTE_FILE", folder.Cassette)];

    private static async Task CopyAsync(string resource, string path, CancellationToken cancellationToken)
    {
        await using var content = typeof(DemoReplay).Assembly.GetManifestResourceStream(resource)!;
        await using var file = File.Create(path);
        await content.CopyToAsync(file, cancellationToken);
    }
}
