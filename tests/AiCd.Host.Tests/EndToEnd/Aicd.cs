using System.Diagnostics;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>Starts the executable that was built, as somebody at a prompt would.</summary>
internal static class Aicd
{
    /// <summary>No single wait of a test takes longer; a machine under load is slow, not wrong.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly Dictionary<string, string?> Environment = new(GitRepository.Environment)
    {
        // Whatever the machine has configured is not part of the tests.
        ["XDG_DATA_HOME"] = Path.Combine(Path.GetTempPath(), "aicd-tests-never-made"),
        ["AiCd__Agents__Mock__Delay"] = "00:00:00",
        ["DOTNET_TieredPGO"] = "0",
        ["NO_COLOR"] = null,
    };

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "aicd");

    public static async Task<ProcessResult> RunAsync(Setup? setup, params string[] arguments)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        return await ProcessRunner.RunAsync(Command(setup, arguments), setup?.Input ?? "", deadline.Token);
    }

    public static Task<ProcessResult> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    public static RunningProcess Start(Setup? setup, params string[] arguments) => ProcessRunner.Start(Command(setup, arguments));

    public static Dictionary<string, string?> EnvironmentOf(Setup? setup)
    {
        var environment = new Dictionary<string, string?>(Environment);
        foreach (var (name, value) in setup?.Variables ?? [])
        {
            environment[name] = value;
        }

        return environment;
    }

    private static ProcessStartInfo Command(Setup? setup, string[] arguments) =>
        ProcessRunner.Command(Executable, arguments, EnvironmentOf(setup), setup?.Folder);
}

/// <summary>What surrounds a command.</summary>
/// <param name="Folder">The working folder.</param>
/// <param name="Input">Standard input.</param>
internal sealed record Setup(string? Folder = null, string? Input = null)
{
    public Dictionary<string, string?> Variables { get; init; } = [];

    /// <param name="key">Below <c>AiCd</c>, such as <c>Agents:Mock:Delay</c>.</param>
    public Setup With(string key, string value) => this with
    {
        Variables = new Dictionary<string, string?>(Variables) { [$"AiCd__{key.Replace(":", "__", StringComparison.Ordinal)}"] = value },
    };

    public Setup Slow(string delay) => With("Agents:Mock:Delay", delay);

    public static Setup Of(string key, string value) => new Setup().With(key, value);
}
