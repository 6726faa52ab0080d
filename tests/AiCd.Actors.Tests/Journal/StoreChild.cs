using AiCd.Testing;

namespace AiCd.Actors.Tests.Journal;

/// <summary>A second process that opens a store.</summary>
internal static class StoreChild
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static RunningProcess Start(params string[] arguments) =>
        ProcessRunner.Start(ProcessRunner.Command("dotnet", [Path.Combine(AppContext.BaseDirectory, "AiCd.StoreChild.dll"), .. arguments]));
}
