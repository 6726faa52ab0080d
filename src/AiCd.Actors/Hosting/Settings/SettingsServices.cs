using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiCd.Actors.Hosting.Settings;

/// <summary>Options classes whose rules are the DataAnnotations on their properties.</summary>
public static class SettingsServices
{
    /// <summary>
    /// Binds a section of the configuration to an options class and makes its keys known: a key that no class knows is an error.
    /// </summary>
    public static IServiceCollection AddSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>>(new SettingsValidator<TOptions>(section));
        services.AddSingleton(new SettingsSection(section, typeof(TOptions)));
        return services;
    }

    /// <summary>Holds the configuration against every options class that was added, before anything starts.</summary>
    /// <exception cref="SettingsException">With all problems at once.</exception>
    public static void ThrowIfSettingsInvalid(this IServiceProvider services)
    {
        var problems = SettingsInspection.Inspect(
            services.GetRequiredService<IConfiguration>(), [.. services.GetServices<SettingsSection>()], [.. services.GetServices<MovedSetting>()]);
        if (problems.Count > 0)
        {
            throw new SettingsException(problems);
        }

        try
        {
            services.GetService<IStartupValidator>()?.Validate();
        }
        catch (OptionsValidationException refused)
        {
            throw new SettingsException([.. refused.Failures]);
        }
    }
}
