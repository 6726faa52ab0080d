namespace AiCd.Forge.Git;

/// <summary>
/// The command by which git starts the process of the other repository in a fetch or push by path. Git hands this one text to a
/// shell, and passes no command-line configuration on, so it is spelled out and quoted here.
/// </summary>
internal static class OtherSide
{
    /// <summary>Also hands out commits that no branch reaches any more, such as the base of a job whose branch was rewound.</summary>
    public static string UploadPack(string executable) => Command(executable, ["-c", "uploadpack.allowAnySHA1InWant=true", "upload-pack"]);

    public static string ReceivePack(string executable) => Command(executable, ["receive-pack"]);

    private static string Command(string executable, IEnumerable<string> end) =>
        string.Join(' ', new[] { executable }.Concat(HardenedConfig.Arguments).Concat(end).Select(Quoted));

    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
