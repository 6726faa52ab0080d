using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiCd.Actors.Hosting.Settings;

/// <summary>Holds bound options against the attributes of their class, sections within sections included.</summary>
internal sealed class SettingsValidator<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var problems = Check(section, options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Check(string path, object options)
    {
        foreach (var property in SettingsRules.PropertiesOf(options.GetType()))
        {
            var key = $"{path}:{property.Name}";
            var value = property.GetValue(options);
            if (SettingsRules.CheckValue(property, key, value) is { } problem)
            {
                yield return problem;
            }
            else if (value is not null && SettingsRules.IsSection(property.PropertyType))
            {
                foreach (var inner in Check(key, value))
                {
                    yield return inner;
                }
            }
        }

        if (options is IValidatableObject whole)
        {
            foreach (var result in whole.Validate(new ValidationContext(options)))
            {
                yield return $"{path}:{string.Join(", ", result.MemberNames)}: {result.ErrorMessage}";
            }
        }
    }
}
