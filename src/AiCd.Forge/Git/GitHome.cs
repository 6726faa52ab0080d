namespace AiCd.Forge.Git;

/// <summary>The private folder that stands in for a home folder, so that no git process sees the operator's files.</summary>
internal sealed class GitHome
{

    private GitHome(string folder, string config)
    {
        Folder = folder;
        Config = config;
    }

    /// <summary>Empty, and the current folder of processes that need none.</summary>
    public string Folder { get; }

    public string Config { get; }

    public static GitHome Prepare(string dataFolder)
    {
        var root = Path.Combine(dataFolder, "git");
        var home = Path.Combine(root, "home");
        PrivateFolder.Create(root);
        PrivateFolder.Create(home);
        var config = Path.Combine(root, "config");
        if (!File.Exists(config) || File.ReadAllText(config) != HardenedConfig.File)
        {
            // Moved into place, so that another process never reads half of it.
            var fresh = Path.Combine(root, $"config-{Guid.NewGuid():N}");
            File.WriteAllText(fresh, HardenedConfig.File);
            File.Move(fresh, config, overwrite: true);
        }

        return new GitHome(home, config);
    }
}
