namespace AiCd.Agents.Sandbox;

/// <summary>The node's own programs that make a sandbox, by absolute path.</summary>
/// <param name="Sweeper">A find that prints sizes: GNU's.</param>
internal sealed record SandboxTools(string Bubblewrap, string Shell, string Limiter, string Privileges, string Owner, string Sweeper)
{
    /// <returns>What is missing, where something is.</returns>
    public static (SandboxTools? Tools, string? Missing) Find(SandboxOptions options)
    {
        var tools = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in new[] { options.Bubblewrap, "sh", "prlimit", "setpriv", "chown", "find" })
        {
            tools[name] = ToolPath.Find(name);
        }

        var missing = tools.Where(tool => tool.Value is null).Select(tool => tool.Key).ToList();
        return missing.Count > 0
            ? (null, $"there is no program {string.Join(", ", missing)} in PATH (packages bubblewrap, util-linux, coreutils, findutils)")
            : (new SandboxTools(tools[options.Bubblewrap]!, tools["sh"]!, tools["prlimit"]!, tools["setpriv"]!, tools["chown"]!, tools["find"]!), null);
    }
}
