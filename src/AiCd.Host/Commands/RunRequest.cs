namespace AiCd.Host.Commands;

/// <summary>A job as the command line asks for it.</summary>
/// <param name="Issue">A file, or - for standard input.</param>
/// <param name="Title">Null for the one that the text has.</param>
/// <param name="BaseBranch">Null for the one that the repository asks for, or the one that is checked out.</param>
/// <param name="Agent">Null for the one that the repository asks for, or the default.</param>
internal sealed record RunRequest(string Repository, string Issue, string? Title, string? BaseBranch, string? Agent, int Priority)
{
    public const string DefaultAgent = "mock";
    public const int MinPriority = -100;
    public const int MaxPriority = 100;
}
