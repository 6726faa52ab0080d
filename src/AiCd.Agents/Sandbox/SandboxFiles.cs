using System.Globalization;

namespace AiCd.Agents.Sandbox;

/// <summary>A private folder with what every command of this node is given, and what each of them is told in files of its own.</summary>
internal sealed class SandboxFiles : IDisposable
{
    public const string Prefix = "aicd-sandbox-";

    private readonly OwnedFolder _owned;
    private int _commands;

    private SandboxFiles(OwnedFolder owned) => _owned = owned;

    public string Folder => _owned.Location;

    /// <summary>The seccomp program; an empty file where this architecture has none.</summary>
    public string Filter => Path.Combine(Folder, "filter");

    public string Passwd => Path.Combine(Folder, "passwd");

    public string Group => Path.Combine(Folder, "group");

    public string Hosts => Path.Combine(Folder, "hosts");

    public bool HasFilter { get; private init; }

    public static SandboxFiles Create(int user)
    {
        var filter = SeccompFilter.ForThisMachine();
        var files = new SandboxFiles(OwnedFolder.Create(Prefix)) { HasFilter = filter is not null };
        File.WriteAllBytes(files.Filter, filter ?? []);
        var id = user.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(files.Passwd, $"root:x:0:0:root:/:/bin/false\naicd:x:{id}:{id}:aicd:{SandboxPaths.Home}:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        File.WriteAllText(files.Group, $"root:x:0:\naicd:x:{id}:\nnogroup:x:65534:\n");
        File.WriteAllText(files.Hosts, "127.0.0.1 localhost sandbox\n::1 localhost\n");
        return files;
    }

    /// <summary>A file that only this command's start reads or writes.</summary>
    public string NewFile(string kind) =>
        Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _commands)}.{kind}"));

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // Left to the next start on this machine: it holds no secret, since a command's own files go with the command.
        }

        _owned.Dispose();
    }
}
