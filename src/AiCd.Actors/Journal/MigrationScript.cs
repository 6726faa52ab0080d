using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace AiCd.Actors.Journal;

/// <summary>A numbered SQL script that is embedded in an assembly. Once it was released it never changes again.</summary>
/// <param name="Module">Whose tables it makes; every module counts from 1.</param>
public sealed record MigrationScript(string Module, int Number, string Name, string Sql)
{
    /// <summary>Tells a script that was changed after it was applied.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <param name="resources">What the resources' names begin with; <c>0001_name.sql</c> follows.</param>
    /// <returns>The module's scripts in order of their numbers.</returns>
    public static IReadOnlyList<MigrationScript> Load(Assembly assembly, string module, string resources)
    {
        var scripts = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(resources, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => Read(assembly, module, name, name[resources.Length..^".sql".Length]))
            .OrderBy(script => script.Number)
            .ToList();
        if (scripts.Count == 0 || scripts[^1].Number != scripts.Count)
        {
            throw new InvalidOperationException($"Scripts {resources}*.sql in {assembly.GetName().Name} must be numbered from 1 without gaps, found {scripts.Count}");
        }

        return scripts;
    }

    private static MigrationScript Read(Assembly assembly, string module, string resource, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var separator = file.IndexOf('_', StringComparison.Ordinal);
        return new MigrationScript(module, int.Parse(file[..separator], CultureInfo.InvariantCulture), file[(separator + 1)..], reader.ReadToEnd());
    }
}
