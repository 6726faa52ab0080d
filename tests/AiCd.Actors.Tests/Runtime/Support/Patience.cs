namespace AiCd.Actors.Tests.Runtime.Support;

internal static class Patience
{
    /// <summary>What a test waits for comes in milliseconds; beyond this it hangs, and should say so.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
}
