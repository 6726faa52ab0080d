using System.Xml.Linq;

namespace AiCd.Host.Tests.Architecture;

internal static class ProjectFiles
{
    /// <returns>By project, the projects and assemblies of the product that its file names.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> References(string sources) =>
        Directory.EnumerateFiles(sources, "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => Read(XDocument.Load(file)));

    public static IReadOnlyList<string> Read(XDocument project) =>
    [
        .. project.Descendants()
            .Where(element => element.Name.LocalName is "ProjectReference" or "Reference" or "PackageReference")
            .Select(element => (string?)element.Attribute("Include") ?? (string?)element.Attribute("Update") ?? "")
            .SelectMany(include => include.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(include => NameOf(include.Replace('\\', '/')))
            .Where(name => name.StartsWith("AiCd", StringComparison.OrdinalIgnoreCase)),
    ];

    public static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiCd.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"There is no AiCd.sln in {AppContext.BaseDirectory} or above");
    }

    private static string NameOf(string include)
    {
        var file = include[(include.LastIndexOf('/') + 1)..];
        return Path.GetExtension(file) is ".csproj" or ".dll" ? Path.GetFileNameWithoutExtension(file) : file;
    }
}
