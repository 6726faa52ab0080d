namespace AiCd.Forge;

/// <summary>How git is run and what it may touch; section <c>AiCd:Git</c>.</summary>
public sealed class ForgeOptions
{
    public const string Section = "AiCd:Git";

    /// <summary>Name of the author and committer of the commits that jobs make.</summary>
    public string AuthorName { get; set; } = "AiCd";

    /// <summary>And the mail address.</summary>
    public string AuthorEmail { get; set; } = "aicd@localhost";

    /// <summary>The git executable: a name to look up in PATH, or an absolute path.</summary>
    public string Executable { get; set; } = "git";

    /// <summary>How long one git process may take; the first fetch of a large repository is the longest.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Local repositories are allowed only under these folders; none means anywhere.</summary>
    public IList<string> AllowedRoots { get; init; } = [];

    /// <summary>A diff is cut at this size.</summary>
    public int MaxDiffBytes { get; set; } = 1024 * 1024;

    /// <summary>A change whose bundle is larger is refused.</summary>
    public int MaxBundleBytes { get; set; } = 128 * 1024 * 1024;
}
