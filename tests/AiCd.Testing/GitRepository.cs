namespace AiCd.Testing;

/// <summary>
/// A real git repository in a temporary folder. No configuration of the machine or its user is read, and dates are fixed,
/// so that the same calls give the same commit ids everywhere.
/// </summary>
public sealed class GitRepository : IDisposable
{
    public const string AuthorName = "Test Author";
    public const string AuthorEmail = "author@example.com";

    private static readonly DateTimeOffset FirstCommitAt = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder;
    private int _commits;

    private GitRepository(TemporaryFolder folder, string location)
    {
        _folder = folder;
        Location = location;
    }

    /// <summary>The work tree; of a bare repository, its git directory.</summary>
    public string Location { get; }

    /// <summary>What makes any git process hermetic; for tests that start git, or code that does, themselves.</summary>
    public static IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>
    {
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["LC_ALL"] = "C.UTF-8",

        // Git sets these for hooks: tests started from one must not work on the repository around them.
        ["GIT_DIR"] = null,
        ["GIT_WORK_TREE"] = null,
        ["GIT_INDEX_FILE"] = null,
        ["GIT_OBJECT_DIRECTORY"] = null,
        ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = null,
        ["GIT_COMMON_DIR"] = null,
        ["GIT_PREFIX"] = null,
    };

    /// <summary>An empty repository on branch main.</summary>
    public static async Task<GitRepository> InitAsync(CancellationToken cancellationToken = default)
    {
        var folder = new TemporaryFolder();
        var repository = new GitRepository(folder, folder.CreateFolder("repository"));
        await repository.GitAsync(["init", "--quiet", "--initial-branch=main"], cancellationToken);
        return repository;
    }

    /// <summary>A repository whose branch main has one commit with these files.</summary>
    public static async Task<GitRepository> CreateAsync(
        IReadOnlyDictionary<string, string>? files = null, CancellationToken cancellationToken = default)
    {
        var repository = await InitAsync(cancellationToken);
        foreach (var (path, text) in files ?? new Dictionary<string, string> { ["README.md"] = "# Sample\n" })
        {
            await repository.WriteFileAsync(path, text, cancellationToken);
        }

        await repository.CommitAsync("Begin", cancellationToken);
        return repository;
    }

    public async Task WriteFileAsync(string path, string text, CancellationToken cancellationToken = default)
    {
        var file = Path.Combine(Location, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, cancellationToken);
    }

    /// <summary>Commits everything in the work tree, even if nothing changed, and returns the commit's id.</summary>
    public async Task<string> CommitAsync(string message, CancellationToken cancellationToken = default)
    {
        await GitAsync(["add", "--all"], cancellationToken);
        await GitAsync(["commit", "--quiet", "--allow-empty", "--message", message], cancellationToken);
        _commits++;
        return await ResolveAsync("HEAD", cancellationToken);
    }

    public async Task<string> CommitFileAsync(
        string path, string text, string message, CancellationToken cancellationToken = default)
    {
        await WriteFileAsync(path, text, cancellationToken);
        return await CommitAsync(message, cancellationToken);
    }

    public Task CreateBranchAsync(string name, string startPoint = "HEAD", CancellationToken cancellationToken = default) =>
        GitAsync(["branch", name, startPoint], cancellationToken);

    public Task CheckoutAsync(string revision, CancellationToken cancellationToken = default) =>
        GitAsync(["checkout", "--quiet", revision, "--"], cancellationToken);

    /// <summary>A bare repository, in a temporary folder of its own, with all branches of this one and no remote.</summary>
    public async Task<GitRepository> CloneBareAsync(CancellationToken cancellationToken = default)
    {
        var folder = new TemporaryFolder();
        var clone = new GitRepository(folder, folder.Combine("repository.git"));
        await GitAsync(["clone", "--quiet", "--bare", "--no-hardlinks", Location, clone.Location], cancellationToken);
        await clone.GitAsync(["remote", "remove", "origin"], cancellationToken);
        return clone;
    }

    public async Task<IReadOnlyList<string>> ListBranchesAsync(CancellationToken cancellationToken = default) =>
        Lines(await GitAsync(["for-each-ref", "--format=%(refname:short)", "refs/heads"], cancellationToken));

    /// <summary>Subjects of the commits that the revision reaches, newest first.</summary>
    public async Task<IReadOnlyList<string>> LogAsync(string revision = "HEAD", CancellationToken cancellationToken = default) =>
        Lines(await GitAsync(["log", "--format=%s", revision, "--"], cancellationToken));

    public async Task<IReadOnlyList<string>> ListFilesAsync(
        string revision = "HEAD", CancellationToken cancellationToken = default) =>
        Lines(await GitAsync(["ls-tree", "-r", "--name-only", revision], cancellationToken));

    public Task<string> ReadFileAsync(string revision, string path, CancellationToken cancellationToken = default) =>
        GitAsync(["cat-file", "blob", $"{revision}:{path}"], cancellationToken);

    public async Task<string> ResolveAsync(string revision, CancellationToken cancellationToken = default) =>
        (await GitAsync(["rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}"], cancellationToken)).TrimEnd('\n');

    /// <summary>Runs git in the repository and returns its output; fails with git's own message if git does.</summary>
    public async Task<string> GitAsync(IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        var date = $"{FirstCommitAt.AddMinutes(_commits):yyyy-MM-ddTHH:mm:ss}+00:00";
        var environment = new Dictionary<string, string?>(Environment)
        {
            ["GIT_AUTHOR_NAME"] = AuthorName,
            ["GIT_AUTHOR_EMAIL"] = AuthorEmail,
            ["GIT_AUTHOR_DATE"] = date,
            ["GIT_COMMITTER_NAME"] = AuthorName,
            ["GIT_COMMITTER_EMAIL"] = AuthorEmail,
            ["GIT_COMMITTER_DATE"] = date,
        };
        var workingFolder = Directory.Exists(Location) ? Location : null;
        var command = ProcessRunner.Command("git", arguments, environment, workingFolder);
        return (await ProcessRunner.RunAsync(command, input: null, cancellationToken)).EnsureSuccess().Output;
    }

    public override string ToString() => Location;

    public void Dispose() => _folder.Dispose();

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
