using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiCd.Host.Serving;

/// <summary>Tells other commands on the data folder where its server listens.</summary>
internal sealed record ServerFile(string Url, int Pid)
{
    private const string Name = "server.json";

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, Name);

    /// <summary>Whoever reads it sees all of it or nothing.</summary>
    public async Task WriteAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var path = PathIn(dataFolder);
        var fresh = $"{path}.{Pid}";
        await File.WriteAllTextAsync(fresh, JsonSerializer.Serialize(this, ServerJson.Default.ServerFile) + "\n", cancellationToken);
        File.Move(fresh, path, overwrite: true);
    }

    /// <returns>Null where no server runs on the folder; a file that a killed server left counts for nothing.</returns>
    public static ServerFile? Find(string dataFolder)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(PathIn(dataFolder)), ServerJson.Default.ServerFile);
            return file is not null && IsAlive(file.Pid) ? file : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public static void Remove(string dataFolder) => File.Delete(PathIn(dataFolder));

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ServerFile))]
internal sealed partial class ServerJson : JsonSerializerContext;
