using Microsoft.Extensions.Configuration;

namespace AiCd.Agents.Configuration;

/// <summary>The node's own folder, of which agents know no more than where it is.</summary>
internal static class DataFolder
{
    private const string Key = "AiCd:DataFolder";

    public static string Of(IConfiguration configuration) => configuration[Key] is { Length: > 0 } configured
        ? Path.GetFullPath(configured)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "aicd");
}
