namespace AiCd.Host.Demo;

/// <summary>Where the demo lives; removed at the end unless it is to be kept.</summary>
internal sealed class DemoFolder(bool keep) : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("aicd-demo-").FullName;

    public bool Kept => keep;

    public string Repository => Path.Combine(_root, "repository");

    public string Data => Path.Combine(_root, "data");

    public string Issue => Path.Combine(_root, "issue.md");

    public void Dispose()
    {
        if (!keep)
        {
            Directory.Delete(_root, recursive: true);
        }
    }
}
