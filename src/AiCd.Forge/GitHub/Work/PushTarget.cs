namespace AiCd.Forge.GitHub.Work;

/// <summary>Where a job's branch is pushed, and where its pull request is opened.</summary>
/// <param name="Base">The repository that the job is for.</param>
/// <param name="Head">The same, or a fork of it.</param>
internal sealed record PushTarget(RemoteRepository Base, RemoteRepository Head)
{
    public bool IsFork => Head.Repository != Base.Repository;

    public bool IsForkOfSameOwner => IsFork && Head.Repository.Owner.Equals(Base.Repository.Owner, StringComparison.OrdinalIgnoreCase);
}
