namespace AiCd.Forge.Git;

/// <summary>One git process to run. Arguments are a list and never pass through a shell.</summary>
internal sealed record GitCommand(IReadOnlyList<string> Arguments)
{
    private const int DefaultOutputLimit = 64 * 1024 * 1024;

    public GitPlace? Place { get; init; }

    /// <summary>The current folder of the process; an empty folder of our own unless a repository is to be discovered.</summary>
    public string? Folder { get; init; }

    /// <summary>How the other side is reached, where that is another machine.</summary>
    public RemoteAccess? Remote { get; init; }

    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Variables beside the fixed ones, such as dates of a commit.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>How much output is kept; the rest is read and dropped.</summary>
    public int OutputLimit { get; init; } = DefaultOutputLimit;

    /// <summary>Whether output beyond the limit is cut. Otherwise it is an error: half a list is worse than none.</summary>
    public bool CutOutput { get; init; }

    /// <summary>For people: what was run, without values that may be long.</summary>
    public string Name => "git " + (Arguments is ["-c", _, var name, ..] ? name : Arguments[0]);
}
