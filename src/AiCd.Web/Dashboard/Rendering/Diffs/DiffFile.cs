namespace AiCd.Web.Dashboard.Rendering.Diffs;

/// <summary>One file of a unified diff.</summary>
/// <param name="OldPath">Null for a new file.</param>
/// <param name="NewPath">Null for a deleted file.</param>
internal sealed record DiffFile(string? OldPath, string? NewPath, bool IsBinary, IReadOnlyList<string> Notes, IReadOnlyList<DiffHunk> Hunks)
{
    public string Path => NewPath ?? OldPath ?? "(no name)";

    public DiffFileChange Change => (OldPath, NewPath) switch
    {
        (null, _) => DiffFileChange.Added,
        (_, null) => DiffFileChange.Deleted,
        _ when OldPath != NewPath => DiffFileChange.Renamed,
        _ => DiffFileChange.Modified,
    };

    public int Added => Hunks.Sum(hunk => hunk.Lines.Count(line => line.Kind == DiffLineKind.Added));

    public int Removed => Hunks.Sum(hunk => hunk.Lines.Count(line => line.Kind == DiffLineKind.Removed));
}

internal enum DiffFileChange
{
    Modified,
    Added,
    Deleted,
    Renamed,
}

/// <param name="Heading">What git found around the hunk, such as the name of a function; may be empty.</param>
internal sealed record DiffHunk(int OldStart, int NewStart, string Heading, IReadOnlyList<DiffLine> Lines);

/// <param name="Old">Line number before the change; null for an added line.</param>
/// <param name="New">Line number after the change; null for a removed line.</param>
/// <param name="EndsFile">True for a last line without a line break.</param>
internal sealed record DiffLine(DiffLineKind Kind, int? Old, int? New, string Text, bool EndsFile = false);

internal enum DiffLineKind
{
    Context,
    Added,
    Removed,
}
