namespace AiCd.Host.CommandLine;

internal static class Shell
{
    /// <returns>The text as a shell takes it for one word.</returns>
    public static string Quote(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+:@%,".Contains(c, StringComparison.Ordinal))
        ? word
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
