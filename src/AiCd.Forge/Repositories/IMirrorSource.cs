using AiCd.Forge.Git;

namespace AiCd.Forge.Repositories;

/// <summary>What a mirror is made of and fetches from: a repository on this machine or on another.</summary>
internal interface IMirrorSource
{
    /// <summary>Its normal form, which names the mirror too.</summary>
    string Name { get; }

    /// <summary>What git is told.</summary>
    string Address { get; }

    /// <param name="executable">Absolute path of git.</param>
    IReadOnlyList<string> FetchOptions(string executable);

    /// <summary>How the source is reached, for messages; null for one on this machine.</summary>
    RemoteAccess? Described => null;

    /// <summary>Runs a command that talks to the source.</summary>
    Task<GitOutput> TryRunAsync(GitRunner git, GitCommand command, CancellationToken cancellationToken);

    /// <returns>Git's name of its kind of hashes.</returns>
    Task<string> ObjectFormatAsync(GitRunner git, CancellationToken cancellationToken);
}
