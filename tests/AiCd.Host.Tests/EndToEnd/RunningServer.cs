using System.Net;
using System.Text.Json;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary><c>aicd serve</c> on a free port.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly HttpClient _client = new();

    private RunningServer(RunningProcess process, string data, Uri url)
    {
        Process = process;
        Data = data;
        _client.BaseAddress = url;
    }

    public RunningProcess Process { get; }

    public string Data { get; }

    public Uri Url => _client.BaseAddress!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<RunningServer> StartAsync(string data, Setup? setup = null)
    {
        var process = Aicd.Start(setup, "serve", "--data", data, "--urls", "http://127.0.0.1:0");
        await process.WaitForErrorLineAsync(line => line.Contains("Listening on http", StringComparison.Ordinal), Aicd.Patience, Cancelled);

        // One that was killed in the same folder left its file behind.
        await Eventually.HoldsAsync(() => AnnouncedBy(process.Id, data) is not null || process.HasExited, Cancelled);
        return new RunningServer(process, data, AnnouncedBy(process.Id, data).ShouldNotBeNull(string.Join('\n', process.Errors)));
    }

    private static Uri? AnnouncedBy(int process, string data)
    {
        if (!File.Exists(FileIn(data)))
        {
            return null;
        }

        using var file = JsonDocument.Parse(File.ReadAllText(FileIn(data)));
        return file.RootElement.GetProperty("pid").GetInt32() == process ? new Uri(file.RootElement.GetProperty("url").GetString()!) : null;
    }

    public static string FileIn(string data) => Path.Combine(data, "server.json");

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }

    public Task ReadyAsync() => Eventually.HoldsAsync(async () => (await GetAsync("/health/ready")).Status == HttpStatusCode.OK, Cancelled);

    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await Process.SignalAsync(Signal.Terminate, Cancelled);
        return await Process.WaitForExitAsync(Aicd.Patience, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Process.DisposeAsync();
    }
}
