using AiCd.Host.CommandLine;
using Microsoft.Extensions.Configuration;

namespace AiCd.Host.Configuration;

/// <summary>
/// Where settings come from, the later over the earlier: appsettings.json beside the executable, the environment, the command line.
/// The working folder is not asked: it is often a repository that somebody else wrote.
/// </summary>
internal static class ConfigurationSources
{
    public const string FileName = "appsettings.json";

    /// <param name="commandLine">Keys with the values that options gave them, the later over the earlier; null for an option that was not given.</param>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static IConfigurationRoot Load(params IEnumerable<(string Key, string? Value)> commandLine)
    {
        var given = commandLine.Where(setting => setting.Value is not null)
            .GroupBy(setting => setting.Key).ToDictionary(settings => settings.Key, settings => settings.Last().Value);
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(AppContext.BaseDirectory)
                .AddJsonFile(FileName, optional: true)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(given)
                .Build();
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"{Path.Combine(AppContext.BaseDirectory, FileName)}: expected JSON, got {error.GetBaseException().Message}", error);
        }
    }
}
