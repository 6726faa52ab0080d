using System.Globalization;

namespace AiCd.Agents.Prompts;

/// <summary>The prompts that stand beside this file as <c>name.v1.md</c>; the newest version of each is the one in use.</summary>
internal static class PromptLibrary
{
    private const string Folder = "AiCd.Agents.Prompts.";
    private const string Extension = ".md";

    public static IReadOnlyList<Prompt> All { get; } = [.. Read().OrderBy(prompt => prompt.Name, StringComparer.Ordinal).ThenBy(prompt => prompt.Version)];

    public static Prompt Newest(string name) => All.Last(prompt => prompt.Name == name);

    private static IEnumerable<Prompt> Read()
    {
        var assembly = typeof(PromptLibrary).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (resource.StartsWith(Folder, StringComparison.Ordinal) && resource.EndsWith(Extension, StringComparison.Ordinal)
                && resource[Folder.Length..^Extension.Length].Split(".v") is [var name, var version])
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                yield return new Prompt(name, int.Parse(version, CultureInfo.InvariantCulture), reader.ReadToEnd().Trim());
            }
        }
    }
}
