using AiCd.Web.Access;
using AiCd.Web.Store;

namespace AiCd.Web.Administration;

/// <summary>
/// The key of an embedded node for commands on the same machine: made on the first run, in the data folder, readable by its owner alone.
/// A file that was taken away, or whose key is not valid any more, is made anew.
/// </summary>
public sealed class FirstKey(IWebStore store, Keys keys)
{
    public const string FileName = "api-key";

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, FileName);

    /// <returns>The id of the key.</returns>
    public async Task<string> EnsureAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var path = PathIn(dataFolder);
        if (await ReadAsync(path, cancellationToken) is { } found)
        {
            return found;
        }

        var (key, stored) = await keys.CreateAsync(
            Tenant.Default, "local", Scopes.Read | Scopes.Write | Scopes.Operate | Scopes.Admin, expiresAt: null, "aicd", cancellationToken);
        await WriteAsync(path, key, cancellationToken);
        return stored.Id;
    }

    private async Task<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var key = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        return KeySecret.IdOf(key) is { } id
            && await store.FindKeyAsync(id, cancellationToken) is { RevokedAt: null } stored
            && KeySecret.Matches(key, stored.Hash)
            ? id
            : null;
    }

    /// <summary>Whoever reads the file sees all of it or nothing, and it is never readable by others, not even for a moment.</summary>
    private static async Task WriteAsync(string path, string key, CancellationToken cancellationToken)
    {
        var fresh = $"{path}.{Environment.ProcessId}";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var file = new StreamWriter(fresh, options))
        {
            await file.WriteLineAsync(key.AsMemory(), cancellationToken);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
