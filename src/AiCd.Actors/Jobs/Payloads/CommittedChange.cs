namespace AiCd.Actors.Jobs.Payloads;

/// <summary>The commit that a coding attempt left behind; review and pull request are bound to exactly this tree.</summary>
/// <param name="BaseSha">The commit of the base branch that it stands on.</param>
public sealed record CommittedChange(
    string CommitSha,
    string TreeSha,
    string BaseSha,
    string Message,
    int FilesChanged,
    int Insertions,
    int Deletions);
