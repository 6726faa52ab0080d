using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace AiCd.Actors.Hosting.Settings;

/// <summary>
/// Holds the raw configuration against the options classes: texts that cannot be converted, values out of range, keys that no class
/// knows. The binder alone would stop at the first of the former and pass the latter over in silence.
/// </summary>
internal sealed class SettingsInspection
{
    private readonly List<string> _problems = [];
    private readonly IReadOnlyList<SettingsSection> _sections;
    private readonly IReadOnlyList<MovedSetting> _moved;
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    private SettingsInspection(IReadOnlyList<SettingsSection> sections, IReadOnlyList<MovedSetting> moved)
    {
        (_sections, _moved) = (sections, moved);
        foreach (var section in sections)
        {
            Learn(section.Path, section.Type);
        }
    }

    /// <returns>Every problem in its own words.</returns>
    public static IReadOnlyList<string> Inspect(IConfiguration configuration, IReadOnlyList<SettingsSection> sections, IReadOnlyList<MovedSetting> moved)
    {
        var inspection = new SettingsInspection(sections, moved);
        foreach (var root in sections.Select(section => section.Path.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            inspection.Visit(configuration.GetSection(root), root, inspection.TypesAt(root));
        }

        return inspection._problems;
    }

    private void Learn(string path, Type type)
    {
        foreach (var property in SettingsRules.PropertiesOf(type))
        {
            var key = $"{path}:{property.Name}";
            _known.Add(key);
            if (IsSection(property.PropertyType))
            {
                Learn(key, property.PropertyType);
            }
        }
    }

    /// <param name="path">The section's path in the spelling of the classes.</param>
    private void Visit(IConfigurationSection section, string path, IReadOnlyList<Type> types)
    {
        foreach (var child in section.GetChildren())
        {
            var property = types.SelectMany(SettingsRules.PropertiesOf).FirstOrDefault(property => Same(property.Name, child.Key));
            var key = $"{path}:{property?.Name ?? child.Key}";
            var inner = TypesAt(key);
            if (property is { } setting && !IsSection(setting.PropertyType))
            {
                Check(child, key, setting);
            }
            else if (property is not null || inner.Count > 0 || LeadsToSection(key))
            {
                if (!string.IsNullOrEmpty(child.Value))
                {
                    _problems.Add($"{key}: expected a section with keys of its own, got '{child.Value}'");
                }

                Visit(child, SpellingOf(key), property is null ? inner : [property.PropertyType, .. inner]);
            }
            else if (MovedFrom(child, key) is { Count: > 0 } moved)
            {
                _problems.AddRange(moved);
            }
            else
            {
                _problems.Add($"{key}: unknown key; did you mean {NearestKey.Of(key, _known)}?");
            }
        }
    }

    /// <summary>Of all moved keys at or below the given one, those that are set.</summary>
    private List<string> MovedFrom(IConfigurationSection section, string key) =>
    [
        .. _moved
            .Where(moved => Same(moved.From, key) || (moved.From.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase) && section.GetSection(moved.From[(key.Length + 1)..]).Exists()))
            .Select(moved => $"{moved.From}: is no key any more; {moved.Advice}"),
    ];

    private void Check(IConfigurationSection section, string key, PropertyInfo property)
    {
        var children = section.GetChildren().ToList();
        if (SettingsRules.ValueOf(property.PropertyType) is { } value)
        {
            CheckEntries(section, key, value);
        }
        else if (SettingsRules.ElementOf(property.PropertyType) is { } element && property.PropertyType != typeof(string))
        {
            CheckItems(section, key, element);
        }
        else if (children.Count > 0)
        {
            _problems.AddRange(children.Select(child => $"{key}:{child.Key}: unknown key; did you mean {key}?"));
        }
        else if (section.Value is { } text && SettingsRules.CheckText(property, key, text) is { } problem)
        {
            _problems.Add(problem);
        }
    }

    private void CheckItems(IConfigurationSection section, string key, Type element)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            _problems.Add($"{key}: expected a list ({key}:0, {key}:1, ...), got '{section.Value}'");
        }

        foreach (var item in section.GetChildren().Where(_ => SettingsRules.IsSection(element)))
        {
            Visit(item, $"{key}:{item.Key}", [element]);
        }
    }

    /// <summary>Of a dictionary: its keys are whatever somebody calls things.</summary>
    private void CheckEntries(IConfigurationSection section, string key, Type value)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            _problems.Add($"{key}: expected names with values ({key}:<name>), got '{section.Value}'");
        }

        foreach (var entry in section.GetChildren())
        {
            if (SettingsRules.CheckText(value, $"{key}:{entry.Key}", entry.Value ?? "") is { } problem)
            {
                _problems.Add(problem);
            }
        }
    }

    private List<Type> TypesAt(string path) => [.. _sections.Where(section => Same(section.Path, path)).Select(section => section.Type)];

    private bool LeadsToSection(string path) =>
        _sections.Any(section => section.Path.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase));

    private string SpellingOf(string path) =>
        _sections.Select(section => section.Path).FirstOrDefault(known => known.StartsWith(path, StringComparison.OrdinalIgnoreCase))?[..path.Length] ?? path;

    private static bool IsSection(Type type) => SettingsRules.IsSection(type);

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
