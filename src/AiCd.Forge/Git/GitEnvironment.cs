using System.Globalization;

namespace AiCd.Forge.Git;

/// <summary>
/// The whole environment of a git process, made from an allow-list: no token of this process and no GIT_ variable of the one that
/// started it is passed on.
/// </summary>
internal static class GitEnvironment
{
    /// <summary>Marks processes that change a mirror's refs, so that a later owner of the mirror's lock can find survivors.</summary>
    public const string WriterMark = "AICD_MIRROR_WRITER";

    private static readonly string[] Inherited = ["TMPDIR"];

    // Only for processes that leave the machine: the address of a proxy may hold a password.
    private static readonly string[] Proxies = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"];

    public static Dictionary<string, string> For(GitCommand command, GitHome home)
    {
        var variables = new Dictionary<string, string>(HardenedConfig.Variables)
        {
            ["PATH"] = SearchPath.Value,
            ["HOME"] = home.Folder,
            ["XDG_CONFIG_HOME"] = home.Folder,
            ["LC_ALL"] = "C",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_GLOBAL"] = home.Config,
            ["GIT_ATTR_NOSYSTEM"] = "1",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_ASKPASS"] = "false",
            ["GIT_OPTIONAL_LOCKS"] = "0",
            ["GIT_NO_REPLACE_OBJECTS"] = "1",
            ["GIT_NO_LAZY_FETCH"] = "1",
            ["GIT_LITERAL_PATHSPECS"] = "1",
            ["GIT_ALLOW_PROTOCOL"] = "file:https",
            ["GIT_PROTOCOL_FROM_USER"] = "0",
        };
        foreach (var name in Inherited)
        {
            Add(variables, name, Environment.GetEnvironmentVariable(name));
        }

        Add(variables, "GIT_DIR", command.Place?.Directory);
        Add(variables, "GIT_WORK_TREE", command.Place?.WorkTree);
        Add(variables, "GIT_INDEX_FILE", command.Place?.Index);
        Add(variables, WriterMark, command.Place is { Writer: true } place ? place.Directory : null);
        if (command.Remote is { } remote)
        {
            AddRemote(variables, remote);
        }

        foreach (var (name, value) in command.Variables)
        {
            variables[name] = value;
        }

        return variables;
    }

    /// <summary>
    /// Configuration in memory: it is in no file and in no process's arguments, and git hands it to its transport alone.
    /// </summary>
    private static void AddRemote(Dictionary<string, string> variables, RemoteAccess remote)
    {
        var count = int.Parse(variables["GIT_CONFIG_COUNT"], CultureInfo.InvariantCulture);
        foreach (var (key, value) in remote.Settings())
        {
            variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{count}")] = key;
            variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{count}")] = value;
            count++;
        }

        variables["GIT_CONFIG_COUNT"] = count.ToString(CultureInfo.InvariantCulture);
        variables["GIT_ALLOW_PROTOCOL"] = "https";
        foreach (var name in Proxies)
        {
            Add(variables, name, Environment.GetEnvironmentVariable(name));
        }
    }

    private static void Add(Dictionary<string, string> variables, string name, string? value)
    {
        if (value is not null)
        {
            variables[name] = value;
        }
    }
}
