using System.Globalization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Jobs;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace AiCd.Web.Dashboard.Filters;

/// <summary>What a view shows and in which order, as its address says it, so that a view can be shared.</summary>
/// <param name="From">The first day, in UTC.</param>
/// <param name="To">The last day, in UTC.</param>
public sealed record ViewFilter(
    IReadOnlyList<JobState> States,
    string? Repository = null,
    string? Label = null,
    string? Text = null,
    string? Waiting = null,
    DateOnly? From = null,
    DateOnly? To = null,
    JobSort Sort = JobSort.Newest)
{
    private const string DayFormat = "yyyy-MM-dd";

    public static ViewFilter All { get; } = new([]);

    public bool IsEmpty => States.Count == 0 && Repository is null && Label is null && Text is null && Waiting is null && From is null && To is null;

    /// <summary>What cannot be read is passed over: a view must open for whoever follows a link.</summary>
    public static ViewFilter Parse(string address)
    {
        var question = address.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(question < 0 ? "" : address[question..].Split('#')[0]);
        return new ViewFilter(
            [.. Value("state")?.Split(',').Select(name => WireNames.TryParse<JobState>(name, out var state) ? state : (JobState?)null).OfType<JobState>().Distinct() ?? []],
            Value("repository"),
            Value("label"),
            Value("text"),
            Value("waiting") is "approval" or "budget" ? Value("waiting") : null,
            Day("from"),
            Day("to"),
            JobFilters.FindSort(Value("sort") ?? "") ?? JobSort.Newest);

        string? Value(string name) => query.TryGetValue(name, out var values) && values.ToString().Trim() is { Length: > 0 } value ? value : null;

        DateOnly? Day(string name) => DateOnly.TryParseExact(Value(name), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }

    /// <summary>The address of the view at the path.</summary>
    public string At(string path)
    {
        var query = new QueryBuilder();
        Add("state", States.Count == 0 ? null : string.Join(',', States.Select(WireNames.Of)));
        Add("repository", Repository);
        Add("label", Label);
        Add("text", Text);
        Add("waiting", Waiting);
        Add("from", From?.ToString(DayFormat, CultureInfo.InvariantCulture));
        Add("to", To?.ToString(DayFormat, CultureInfo.InvariantCulture));
        Add("sort", Sort == JobSort.Newest ? null : JobFilters.NameOf(Sort));
        return path + query.ToQueryString();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                query.Add(name, value);
            }
        }
    }

    public FilterRequest ToRequest() => new(
        States.Count > 0 ? States : null,
        Repository,
        Label,
        Text,
        Waiting,
        From is { } from ? Start(from) : null,
        To is { } to ? Start(to.AddDays(1)) : null);

    /// <exception cref="Problems.ProblemException">A value cannot be asked for.</exception>
    public JobFilter ToFilter() => JobFilters.Of(ToRequest());

    private static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
