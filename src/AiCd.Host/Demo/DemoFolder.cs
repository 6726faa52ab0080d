namespace AiCd.Host.Demo;

/// <summary>Where the demo lives; removed at the end unless it is to be kept.</summary>
internal sealed class DemoFolder(bool keep) : IDisposable
{
    public string Location { get; } = Directory.CreateTempSubdirectory("aicd-demo-").FullName;

    public bool Kept => keep;

    /// <summary>Holds the repository and the issue; not made yet.</summary>
    public string Sample => Combine("sample");

    public string Repository => Path.Combine(Sample, "repository");

    public string Issue => Path.Combine(Sample, "issue.md");

    public string Data => Combine("data");

    public string Cassette => Combine("cassette.json");

    public string Combine(string name) => Path.Combine(Location, name);

    public void Dispose()
    {
        if (!keep)
        {
            Directory.Delete(Location, recursive: true);
        }
    }
}
