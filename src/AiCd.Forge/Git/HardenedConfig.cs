using System.Globalization;
using System.Text;

namespace AiCd.Forge.Git;

/// <summary>
/// What every git process of the host is told, whatever the repository's own configuration says. Command-line scope is the only
/// one that outranks a repository's configuration, so the entries travel there; git drops that scope when it starts a process
/// for another repository (the sending or receiving side of a local fetch or push), so they are spelled out again for that side.
/// </summary>
internal static class HardenedConfig
{
    /// <summary>Not a folder, so nothing can ever be found under it.</summary>
    private const string Nowhere = "/dev/null";

    private static readonly (string Key, string Value)[] Entries =
    [
        // Programs that a repository's configuration can name.
        ("core.hooksPath", Nowhere),
        ("core.fsmonitor", "false"),
        ("core.pager", "cat"),
        ("core.editor", "false"),
        ("core.askPass", "false"),
        ("core.sshCommand", "false"),
        ("core.gitProxy", "false"),
        ("core.alternateRefsCommand", "true"),
        ("credential.helper", ""),
        ("gpg.program", "false"),
        ("commit.gpgSign", "false"),
        ("tag.gpgSign", "false"),
        ("push.gpgSign", "false"),

        // Ways out of the repository.
        ("protocol.allow", "never"),
        ("protocol.file.allow", "always"),
        ("protocol.https.allow", "always"),
        ("protocol.ext.allow", "never"),
        ("http.followRedirects", "false"),
        ("http.sslVerify", "true"),
        ("submodule.recurse", "false"),
        ("fetch.recurseSubmodules", "false"),
        ("push.recurseSubmodules", "no"),

        // Files are taken as they are.
        ("core.attributesFile", Nowhere),
        ("core.excludesFile", Nowhere),
        ("core.autocrlf", "false"),
        ("core.safecrlf", "false"),
        ("core.symlinks", "true"),
        ("core.fileMode", "true"),
        ("core.ignoreCase", "false"),
        ("core.protectHFS", "true"),
        ("core.protectNTFS", "true"),
        ("core.untrackedCache", "false"),
        ("core.splitIndex", "false"),
        ("core.sparseCheckout", "false"),
        ("core.quotePath", "false"),

        // No work behind our back, and no wait that gives up on another process's short lock.
        ("gc.auto", "0"),
        ("gc.autoDetach", "false"),
        ("maintenance.auto", "false"),
        ("receive.autogc", "false"),
        ("receive.denyCurrentBranch", "refuse"),
        ("core.filesRefLockTimeout", "5000"),
        ("core.packedRefsTimeout", "5000"),
    ];

    /// <summary>The entries as <c>-c</c> arguments of a git command.</summary>
    public static IReadOnlyList<string> Arguments { get; } = [.. Entries.SelectMany(entry => new[] { "-c", $"{entry.Key}={entry.Value}" })];

    /// <summary>The entries in environment variables, for a process and those that it starts in the same repository.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = ToVariables();

    /// <summary>
    /// The user-level configuration of every process. It keeps git from reading the user's own, and trusts folders of other
    /// owners: that guard is against configuration which runs programs, and none of it is obeyed here.
    /// </summary>
    public static string File { get; } = ToFile();

    private static Dictionary<string, string> ToVariables()
    {
        var variables = new Dictionary<string, string> { ["GIT_CONFIG_COUNT"] = Entries.Length.ToString(CultureInfo.InvariantCulture) };
        for (var i = 0; i < Entries.Length; i++)
        {
            variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{i}")] = Entries[i].Key;
            variables[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{i}")] = Entries[i].Value;
        }

        return variables;
    }

    private static string ToFile()
    {
        var file = new StringBuilder("[safe]\n\tdirectory = *\n");
        foreach (var (key, value) in Entries)
        {
            var parts = key.Split('.');
            var section = parts.Length == 3 ? $"{parts[0]} \"{parts[1]}\"" : parts[0];
            file.Append(CultureInfo.InvariantCulture, $"[{section}]\n\t{parts[^1]} = {value}\n");
        }

        return file.ToString();
    }
}
