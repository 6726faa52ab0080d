using System.CommandLine;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Configuration;
using AiCd.Host.Serving;
using AiCd.Web.Access;
using AiCd.Web.Administration;

namespace AiCd.Host.Client;

/// <summary>A server that commands talk to, and the key that it knows them by.</summary>
/// <param name="Url">Ends in a slash.</param>
/// <param name="Key">Never printed.</param>
internal sealed record ServerAddress(Uri Url, string Key)
{
    public const string UrlVariable = "AICD_URL";
    public const string KeyVariable = "AICD_API_KEY";

    /// <summary>Set to 1 where the network between here and the server is trusted.</summary>
    public const string PlainVariable = "AICD_ALLOW_HTTP";

    /// <summary>As people write it.</summary>
    public string Name => Url.AbsoluteUri.TrimEnd('/');

    public override string ToString() => Name;

    /// <returns>The server that the arguments or the environment name; what the command line says of a store counts more than the environment.</returns>
    /// <exception cref="CommandException">The address or the key is not what is expected.</exception>
    public static ServerAddress? Named(ParseResult arguments)
    {
        var (name, text) = arguments.GetValue(SharedOptions.Server) is { } option
            ? (SharedOptions.Server.Name, option)
            : (UrlVariable, NamesStore(arguments) ? null : Environment.GetEnvironmentVariable(UrlVariable));
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (name == SharedOptions.Server.Name && arguments.GetResult(SharedOptions.Postgres) is { Implicit: false })
        {
            throw CommandException.BadInput($"{SharedOptions.Postgres.Name}: expected not beside {name}, because a server knows its store");
        }

        var url = UrlOf(name, text);
        if (url.Scheme == "http" && !url.IsLoopback && Environment.GetEnvironmentVariable(PlainVariable) != "1")
        {
            throw CommandException.BadInput(
                $"{name}: expected an address that begins with https://, because everybody on the way could read the key, got '{url}'; {PlainVariable}=1 sends it nevertheless");
        }

        var folder = DataFolderOf(arguments);
        var local = ServerFile.Find(folder) is { } server && Uri.TryCreate(server.Url, UriKind.Absolute, out var here) && here.Authority == url.Authority;
        return new ServerAddress(url, KeyOfEnvironment() ?? (local ? KeyOfFolder(folder) : null)
            ?? throw CommandException.BadInput($"{KeyVariable}: expected a key of the server {url}, got none"));
    }

    /// <returns>The server that runs on the data folder, where a store in it is what the settings name.</returns>
    /// <param name="mustHaveKey">False for what the store tells too: a server whose key cannot be read then counts for none.</param>
    public static ServerAddress? OfDataFolder(ParseResult arguments, bool mustHaveKey = true)
    {
        var folder = DataFolderOf(arguments);
        if (Configuration(arguments)[CommandScope.PostgresKey] is { Length: > 0 } || ServerFile.Find(folder) is not { } server)
        {
            return null;
        }

        if ((KeyOfFolder(folder) ?? KeyOfEnvironment()) is { } key)
        {
            return new ServerAddress(UrlOf(ServerFile.PathIn(folder), server.Url), key);
        }

        return mustHaveKey
            ? throw CommandException.BadInput(
                $"The data folder is in use by the server {server.Url}: expected its key in {FirstKey.PathIn(folder)} or {KeyVariable}, got none that can be read")
            : null;
    }

    private static bool NamesStore(ParseResult arguments) =>
        arguments.GetResult(SharedOptions.Data) is { Implicit: false } || arguments.GetResult(SharedOptions.Postgres) is { Implicit: false };

    private static Uri UrlOf(string name, string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" }
            ? url
            : throw CommandException.BadInput($"{name}: expected the address of a server such as http://127.0.0.1:5080, got '{text}'");

    private static string? KeyOfEnvironment() => Environment.GetEnvironmentVariable(KeyVariable) switch
    {
        null or "" => null,
        var key when KeySecret.IdOf(key) is not null => key,
        _ => throw CommandException.BadInput($"{KeyVariable}: expected a key such as aicd_<id>_<secret>, got something else"),
    };

    private static string? KeyOfFolder(string folder)
    {
        try
        {
            var key = File.ReadAllText(FirstKey.PathIn(folder)).Trim();
            return KeySecret.IdOf(key) is null ? null : key;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string DataFolderOf(ParseResult arguments) =>
        Path.GetFullPath(Configuration(arguments)[CommandScope.DataFolderKey] is { Length: > 0 } folder ? folder : new HostSettings().DataFolder);

    private static Microsoft.Extensions.Configuration.IConfigurationRoot Configuration(ParseResult arguments) => ConfigurationSources.Load(
        (CommandScope.DataFolderKey, arguments.GetValue(SharedOptions.Data)), (CommandScope.PostgresKey, arguments.GetValue(SharedOptions.Postgres)));
}
