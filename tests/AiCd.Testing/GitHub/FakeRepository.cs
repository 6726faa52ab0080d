namespace AiCd.Testing.GitHub;

/// <summary>A repository of the fake: what the API tells of it, and a bare repository that git clones and pushes to.</summary>
public sealed class FakeRepository
{
    internal FakeRepository(long id, string owner, string name, GitRepository git)
    {
        Id = id;
        Owner = owner;
        Name = name;
        Git = git;
    }

    public long Id { get; }

    public string Owner { get; set; }

    public string Name { get; set; }

    public string FullName => $"{Owner}/{Name}";

    public string DefaultBranch { get; set; } = "main";

    public bool Archived { get; set; }

    public bool Disabled { get; set; }

    public bool Private { get; set; }

    public bool HasIssues { get; set; } = true;

    /// <summary>In kilobytes.</summary>
    public long Size { get; set; } = 12;

    /// <summary>What the repository was forked from.</summary>
    public FakeRepository? Parent { get; internal set; }

    /// <summary>admin, write, read; by login. Others may read what is public.</summary>
    public Dictionary<string, string> Roles { get; } = new(StringComparer.OrdinalIgnoreCase);

    public GitRepository Git { get; }

    public List<FakeIssue> Issues { get; } = [];

    public List<FakePull> Pulls { get; } = [];

    public List<FakeCheck> Checks { get; } = [];

    public List<FakeStatus> Statuses { get; } = [];

    internal int NextNumber => Issues.Count + Pulls.Count + 1;

    public string RoleOf(string login) => Roles.GetValueOrDefault(login, Private ? "none" : "read");
}

public sealed class FakeIssue
{
    public required int Number { get; init; }

    public required string Title { get; set; }

    public required string Body { get; set; }

    public required string Author { get; init; }

    public string State { get; set; } = "open";

    public List<string> Labels { get; } = [];

    public List<string> Assignees { get; } = [];

    public List<FakeComment> Comments { get; } = [];

    /// <summary>Who changed the title last, and who the body.</summary>
    public FakeEdit? Renamed { get; set; }

    public FakeEdit? Rewritten { get; set; }

    /// <summary>The times that a label was set: id, label, by whom, when.</summary>
    public List<(long Id, string Label, string Actor, DateTimeOffset At)> Labelings { get; } = [];
}

public sealed record FakeEdit(string Author, bool IsApp, DateTimeOffset At);

public sealed record FakeComment(long Id, string Author, bool IsApp, DateTimeOffset CreatedAt)
{
    public DateTimeOffset UpdatedAt { get; set; } = CreatedAt;

    public required string Body { get; set; }

    /// <summary>Everything that it ever said, in order.</summary>
    public List<string> History { get; } = [];
}

public sealed class FakePull
{
    public required int Number { get; init; }

    public required string Title { get; set; }

    public required string Body { get; set; }

    public required string Author { get; init; }

    public required string Base { get; init; }

    /// <summary>The repository that the branch is in.</summary>
    public required FakeRepository HeadRepository { get; init; }

    public required string Branch { get; init; }

    public required bool Draft { get; init; }

    public string State { get; set; } = "open";

    public bool Merged { get; set; }

    public List<string> Labels { get; } = [];

    public List<string> Reviewers { get; } = [];

    public List<string> Assignees { get; } = [];

    public List<FakeReview> Reviews { get; } = [];
}

public sealed record FakeReview(long Id, string Author, string State, string Body, string Sha, IReadOnlyList<(string Path, int Line, string Text)> Comments)
{
    public DateTimeOffset? SubmittedAt { get; init; }
}

public sealed class FakeCheck
{
    public required long Id { get; init; }

    public required string Sha { get; init; }

    public required string Name { get; set; }

    public string? ExternalId { get; set; }

    public string? Conclusion { get; set; }

    public string Summary { get; set; } = "";

    public string Text { get; set; } = "";
}

public sealed record FakeStatus(long Id, string Sha, string State, string Context, string Description);
