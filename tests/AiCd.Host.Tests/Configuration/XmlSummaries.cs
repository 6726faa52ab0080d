using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AiCd.Host.Tests.Configuration;

/// <summary>What the documentation comments of the program say.</summary>
internal static partial class XmlSummaries
{
    private static readonly Dictionary<string, Dictionary<string, XElement>> Assemblies = [];

    /// <returns>The summary of a property in Markdown; empty where it has none.</returns>
    public static string Of(PropertyInfo property)
    {
        var assembly = property.DeclaringType!.Assembly.GetName().Name!;
        if (!Assemblies.TryGetValue(assembly, out var members))
        {
            var file = XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{assembly}.xml"));
            Assemblies.Add(assembly, members = file.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value));
        }

        var name = $"P:{property.DeclaringType.FullName!.Replace('+', '.')}.{property.Name}";
        return members.TryGetValue(name, out var found) && found.Element("summary") is { } summary
            ? Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal)
            : "";
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{(see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? "").Split('.', ':')[^1]}`",
        XElement element => element.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
