namespace AiCd.Forge.Local;

/// <param name="Blob">What the ref pointed to when this was read: the expected value of whoever changes it.</param>
internal sealed record StoredPullRequest(string Blob, LocalPullRequest Value);
