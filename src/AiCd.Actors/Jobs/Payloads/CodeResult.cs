namespace AiCd.Actors.Jobs.Payloads;

/// <summary>What a coding attempt changed, and the message for its commit.</summary>
/// <param name="CommitMessage">Subject line, then an optional body after a blank line.</param>
/// <param name="Summary">What was done, for the reviewer and the pull request.</param>
/// <param name="Changes">
/// Changes that the workspace is still to write. An agent that edits the worktree itself leaves this empty: what is committed is
/// the tree as it stands after these were applied.
/// </param>
public sealed record CodeResult(string CommitMessage, string Summary, IReadOnlyList<FileChange> Changes);

/// <summary>One file written or deleted.</summary>
/// <param name="Path">Relative to the root of the repository, with forward slashes.</param>
/// <param name="Content">The whole new content in UTF-8, or null to delete the file.</param>
public sealed record FileChange(string Path, string? Content);
