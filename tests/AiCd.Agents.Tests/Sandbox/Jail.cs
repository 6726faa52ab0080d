using AiCd.Agents.Sandbox;
using AiCd.Testing;

namespace AiCd.Agents.Tests.Sandbox;

/// <summary>Who the node is, and what holds its limits.</summary>
public enum Node
{
    /// <summary>Root with control groups: commands become another user.</summary>
    Root,

    /// <summary>Root without control groups.</summary>
    RootWithoutGroups,

    /// <summary>An ordinary user: commands run in a user namespace, limits are rlimits and watching.</summary>
    User,
}

/// <summary>A worktree in a sandbox as a node of that kind makes it, with something to steal beside it.</summary>
internal sealed class Jail : IDisposable
{
    public const string Secret = "the-secret-of-the-node";

    private const string Nobody = "65534";

    private readonly TemporaryFolder _folder = new();
    private readonly SandboxFiles _files;
    private readonly BubblewrapSandbox _sandbox;
    private readonly bool _handOver;

    public Jail(Node node, SandboxOptions? options = null)
    {
        options ??= new SandboxOptions { Processes = 128, MemoryMiB = 512 };
        _handOver = node == Node.User && Environment.IsPrivilegedProcess;
        var (tools, missing) = SandboxTools.Find(options);
        missing.ShouldBeNull();
        var identity = node != Node.User && Environment.IsPrivilegedProcess
            ? new SandboxIdentity(options.UserId, [])
            : new SandboxIdentity(null, _handOver ? [tools!.Privileges, "--reuid", Nobody, "--regid", Nobody, "--clear-groups", "--"] : []);
        _files = SandboxFiles.Create(identity.User ?? int.Parse(Nobody, System.Globalization.CultureInfo.InvariantCulture));
        _sandbox = new BubblewrapSandbox(
            options, tools!, _files, identity, node == Node.Root ? Cgroups.OfThisNode("") : Cgroups.None, TimeProvider.System);
        Worktree = _folder.CreateFolder("jobs", "one", "tree");
        OtherWorktree = _folder.CreateFolder("jobs", "two", "tree");
        Data = _folder.CreateFolder("data");
        SecretFile = Path.Combine(Data, "aicd.db");
        File.WriteAllText(SecretFile, Secret);
        File.WriteAllText(Path.Combine(OtherWorktree, "other.txt"), Secret);
        if (_handOver)
        {
            OpenFolders();
        }
    }

    public string Worktree { get; }

    public string OtherWorktree { get; }

    public string Data { get; }

    public string SecretFile { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<Node> Nodes => Environment.IsPrivilegedProcess ? [Node.Root, Node.User] : [Node.User];

    public static TheoryData<Node> NodesByLimits => Environment.IsPrivilegedProcess ? [Node.Root, Node.RootWithoutGroups, Node.User] : [Node.User];

    public string Combine(params ReadOnlySpan<string> parts) => _folder.Combine(parts);

    public string NewFolder(string name)
    {
        var folder = _folder.CreateFolder(name);
        Give(folder);
        return folder;
    }

    /// <summary>Written as the node's own git would: by the node's user.</summary>
    public string Write(string path, string content, bool executable = false)
    {
        var full = Path.Combine(Worktree, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        if (executable)
        {
            File.SetUnixFileMode(full, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        Give(Worktree);
        return full;
    }

    public Task<SandboxResult> BashAsync(string script, Func<SandboxCommand, SandboxCommand>? change = null) =>
        RunAsync(SandboxCommand.Shell(Worktree, script) with { Timeout = TimeSpan.FromSeconds(60) }, change);

    public Task<SandboxResult> RunAsync(SandboxCommand command, Func<SandboxCommand, SandboxCommand>? change = null, CancellationToken? cancellationToken = null) =>
        _sandbox.RunAsync(change?.Invoke(command) ?? command, cancellationToken ?? Cancelled);

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    private void Give(string folder)
    {
        if (_handOver)
        {
            ProcessRunner.RunAsync("chown", ["-R", $"{Nobody}:{Nobody}", folder]).GetAwaiter().GetResult().EnsureSuccess();
        }
    }

    /// <summary>A node that is an ordinary user reaches its own folders, so the stand-in for it must too.</summary>
    private void OpenFolders()
    {
        foreach (var folder in new[] { _folder.Location, Combine("jobs"), Combine("jobs", "one"), Worktree, _files.Folder })
        {
            File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        Give(Worktree);
    }
}
