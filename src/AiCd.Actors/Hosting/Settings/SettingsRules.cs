using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace AiCd.Actors.Hosting.Settings;

/// <summary>What one property of an options class accepts, read from its type and attributes.</summary>
internal static class SettingsRules
{
    /// <summary>The properties that configuration can set.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && property.GetIndexParameters().Length == 0);

    public static bool IsScalar(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    /// <returns>The type of the elements, or null where it is no list.</returns>
    public static Type? ElementOf(Type type) => type.IsArray
        ? type.GetElementType()
        : type.IsGenericType && type.GetGenericArguments() is [var element] && typeof(IEnumerable<>).MakeGenericType(element).IsAssignableFrom(type) ? element : null;

    /// <returns>The type of the values of a dictionary whose keys are texts, or null where it is none.</returns>
    public static Type? ValueOf(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var key, var value] && key == typeof(string) && typeof(IDictionary<,>).MakeGenericType(key, value).IsAssignableFrom(type)
            ? value
            : null;

    /// <summary>True for a class with settings of its own.</summary>
    public static bool IsSection(Type type) => !IsScalar(type) && ElementOf(type) is null && ValueOf(type) is null;

    /// <returns>The problem with a text for a value of the type, or null.</returns>
    public static string? CheckText(Type type, string key, string text)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return null;
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException or InvalidCastException or NotSupportedException)
        {
            return $"{key}: expected {KindOf(type)}, got '{text}'";
        }
    }

    /// <returns>The problem with a text that configuration gives, or null.</returns>
    public static string? CheckText(PropertyInfo property, string key, string text)
    {
        try
        {
            var value = TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(text);
            return Accepts(property, value) ? null : Problem(property, key, text);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException or InvalidCastException or NotSupportedException)
        {
            return Problem(property, key, text);
        }
    }

    /// <returns>The problem with a value that was bound, or null.</returns>
    public static string? CheckValue(PropertyInfo property, string key, object? value) =>
        Accepts(property, value) ? null : Problem(property, key, Text(value));

    private static bool Accepts(PropertyInfo property, object? value) =>
        property.GetCustomAttributes<ValidationAttribute>().All(rule => rule.IsValid(value));

    private static string Problem(PropertyInfo property, string key, string actual) =>
        $"{key}: expected {Expectation(property)}, got '{(property.IsDefined(typeof(SecretAttribute)) ? "(a secret)" : actual)}'";

    public static string Expectation(PropertyInfo property)
    {
        if (property.GetCustomAttribute<ExpectationAttribute>() is { } expectation)
        {
            return expectation.Text;
        }

        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            return string.Join(" or ", allowed.Values.Select(value => $"'{Text(value)}'"));
        }

        var kind = KindOf(property.PropertyType);
        return property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{kind} from {Text(range.Minimum)} to {Text(range.Maximum)}" : kind;
    }

    private static string KindOf(Type declared) => (Nullable.GetUnderlyingType(declared) ?? declared) switch
    {
        var type when type == typeof(int) || type == typeof(long) => "a whole number",
        var type when type == typeof(double) || type == typeof(decimal) => "a number",
        var type when type == typeof(bool) => "true or false",
        var type when type == typeof(TimeSpan) => "a time span",
        var type when type.IsEnum => string.Join(", ", Enum.GetNames(type)),
        _ => "a text that is not empty",
    };

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
