using AiCd.Forge.Git;

namespace AiCd.Forge.Repositories;

/// <summary>A repository of the user's on this machine, which AiCd reads, and to which it adds branches and pull requests.</summary>
/// <param name="Path">Real path of the top level of its work tree, or of the git directory of a bare one: its normal form.</param>
/// <param name="GitDirectory">Of its work tree; holds HEAD and the index.</param>
/// <param name="CommonDirectory">Holds objects and branches; differs from the git directory in a linked work tree.</param>
/// <param name="Notice">What the user should know of how the repository was found.</param>
internal sealed record SourceRepository(string Path, string GitDirectory, string CommonDirectory, bool IsBare, string? Notice) : IMirrorSource
{
    public string Name => Path;

    public string Address => CommonDirectory;

    public GitPlace Place { get; } = new(GitDirectory);

    public IReadOnlyList<string> FetchOptions(string executable) => [$"--upload-pack={OtherSide.UploadPack(executable)}"];

    public Task<GitOutput> TryRunAsync(GitRunner git, GitCommand command, CancellationToken cancellationToken) => git.TryRunAsync(command, cancellationToken);

    public async Task<string> ObjectFormatAsync(GitRunner git, CancellationToken cancellationToken) =>
        (await git.RunAsync(Place.Command("rev-parse", "--show-object-format"), cancellationToken)).Line;
}
