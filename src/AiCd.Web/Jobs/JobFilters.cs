using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Problems;

namespace AiCd.Web.Jobs;

/// <summary>Reads filters and sorts as requests write them.</summary>
internal static class JobFilters
{
    private static readonly (string Name, JobSort Sort)[] Sorts =
    [
        ("-submittedAt", JobSort.Newest), ("submittedAt", JobSort.Oldest), ("-endedAt", JobSort.LastEnded), ("-priority", JobSort.HighestPriority),
        ("priority", JobSort.LowestPriority), ("-updatedAt", JobSort.LastMoved), ("updatedAt", JobSort.FirstMoved),
    ];

    public static JobFilter Of(FilterRequest request) => new(
        request.State is { Count: > 0 } states ? [.. states.Distinct()] : null,
        FieldRules.OptionalLine("repository", request.Repository, FieldRules.MaxAddress),
        FieldRules.OptionalLine("label", request.Label, 100),
        request.Text is { } text ? WordsOf(text) : null,
        request.Waiting switch
        {
            null => null,
            "approval" or "budget" => request.Waiting,
            _ => throw ProblemException.Field("waiting", "approval or budget", request.Waiting),
        },
        request.From,
        request.To);

    /// <param name="state">Wire names; several are alternatives.</param>
    public static JobFilter Of(
        string[]? state, string? repository, string? label, string? text, string? waiting, DateTimeOffset? from, DateTimeOffset? to) =>
        Of(new FilterRequest([.. (state ?? []).SelectMany(names => names.Split(',')).Select(StateOf)], repository, label, text, waiting, from, to));

    public static JobSort SortOf(string? sort) => sort is null ? JobSort.Newest
        : FindSort(sort) ?? throw ProblemException.Field("sort", $"one of {string.Join(", ", Sorts.Select(known => known.Name))}", sort);

    /// <returns>Null where there is no such order.</returns>
    public static JobSort? FindSort(string sort) => Sorts.Where(known => known.Name == sort).Select(known => (JobSort?)known.Sort).FirstOrDefault();

    public static string NameOf(JobSort sort) => Sorts.First(known => known.Sort == sort).Name;

    private static JobState StateOf(string name) => WireNames.TryParse<JobState>(name, out var state)
        ? state
        : throw ProblemException.Field("state", $"one of {string.Join(", ", WireNames.All<JobState>())}", name);

    private static IReadOnlyList<string> WordsOf(string text)
    {
        var words = JobWords.Of(FieldRules.Text("text", text, 200));
        return words.Count is > 0 and <= 8 ? words : throw ProblemException.Field("text", "1 to 8 words of letters and digits", text);
    }
}
