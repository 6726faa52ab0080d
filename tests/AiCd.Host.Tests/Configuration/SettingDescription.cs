using System.Globalization;
using System.Reflection;
using AiCd.Actors.Hosting.Settings;
using AiCd.Host.Composition;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Host.Tests.Configuration;

/// <summary>One key of the configuration, as the settings classes have it.</summary>
internal sealed record SettingDescription(string Key, string Type, string Default, string Accepts, string Meaning)
{
    public string Variable => Key.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>Every key that the program reads, in the order of sections and their classes.</summary>
    public static IReadOnlyList<SettingDescription> All()
    {
        var services = new ServiceCollection();
        services.AddNode(new ConfigurationBuilder().Build());
        var sections = services.Select(service => service.ImplementationInstance).OfType<SettingsSection>();
        return [.. sections.OrderBy(section => section.Path, StringComparer.Ordinal).SelectMany(section => Of(section.Path, section.Type, DefaultsOf(section.Type)))];
    }

    private static IEnumerable<SettingDescription> Of(string path, Type type, object defaults)
    {
        foreach (var property in SettingsRules.PropertiesOf(type))
        {
            var key = $"{path}:{property.Name}";
            if (SettingsRules.IsSection(property.PropertyType))
            {
                foreach (var inner in Of(key, property.PropertyType, property.GetValue(defaults) ?? DefaultsOf(property.PropertyType)))
                {
                    yield return inner;
                }
            }
            else if (ItemOf(property.PropertyType) is { } item && !SettingsRules.IsScalar(item))
            {
                foreach (var inner in Of(key + SuffixOf(property.PropertyType), item, DefaultsOf(item)))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return new SettingDescription(
                    key + SuffixOf(property.PropertyType), TypeOf(property), DefaultOf(property, defaults), SettingsRules.Expectation(property), XmlSummaries.Of(property));
            }
        }
    }

    private static object DefaultsOf(Type type) => Activator.CreateInstance(type, nonPublic: true)!;

    private static string SuffixOf(Type type) => SettingsRules.ValueOf(type) is not null ? ":<name>"
        : type != typeof(string) && SettingsRules.ElementOf(type) is not null ? ":<0, 1, ...>"
        : "";

    /// <returns>What a list or a map holds, or null where it is neither.</returns>
    private static Type? ItemOf(Type type) => SettingsRules.ValueOf(type) ?? (type == typeof(string) ? null : SettingsRules.ElementOf(type));

    private static string TypeOf(PropertyInfo property)
    {
        var type = ItemOf(property.PropertyType) ?? property.PropertyType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return property.IsDefined(typeof(SecretAttribute)) ? "secret text"
            : type == typeof(string) || type == typeof(Uri) ? "text"
            : type == typeof(int) || type == typeof(long) ? "whole number"
            : type == typeof(double) || type == typeof(decimal) ? "number"
            : type == typeof(bool) ? "true or false"
            : type == typeof(TimeSpan) ? "time span"
            : type.IsEnum ? "name"
            : throw new InvalidOperationException($"{property.DeclaringType}.{property.Name}: say in words what a {type} is to whoever configures it");
    }

    private static string DefaultOf(PropertyInfo property, object defaults)
    {
        if (property.GetCustomAttribute<DefaultsToAttribute>() is { } described)
        {
            return described.Text;
        }

        var value = property.GetValue(defaults);
        return value is null or "" || (value is System.Collections.ICollection { Count: 0 }) ? "none"
            : value is bool flag ? $"`{(flag ? "true" : "false")}`"
            : value is System.Collections.IEnumerable list and not string ? string.Join(", ", list.Cast<object>().Select(item => $"`{item}`"))
            : $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`";
    }
}
