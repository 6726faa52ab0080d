using System.Globalization;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Web.Dashboard.Live;
using AiCd.Web.Jobs;
using AiCd.Web.Streams;
using AiCd.Web.Tenants;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Dashboard.Pages.OneJob;

public sealed partial class JobPage
{
    private static readonly (string Key, string Name)[] Tabs =
        [("plan", "Plan"), ("diff", "Diff"), ("review", "Review"), ("checks", "Checks"), ("transcript", "Transcript"), ("events", "Events"), ("issue", "Issue")];

    private JobFile? _file;
    private JobWatch? _watch;
    private IReadOnlyList<AttemptSpan> _spans = [];
    private string _tab = "plan";
    private int? _at;
    private string? _openId;

    /// <summary>Grows with every reading, so that what stands below knows that there may be something new.</summary>
    private int _revision;

    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    internal JournalTail Tail { get; set; } = null!;

    [Inject]
    internal ILogger<TenantPulses> Logger { get; set; } = null!;

    protected override void OnInitialized() => Navigation.LocationChanged += Moved;

    protected override async Task OnParametersSetAsync()
    {
        if (_openId == Id)
        {
            return;
        }

        _openId = Id;
        await StopAsync();
        _file = null;
        ReadAddress(Navigation.Uri);
        await ReloadAsync();
        if (_file is { } file && LoadError is null)
        {
            _watch = new JobWatch(Desk.Caller.Tenant, file.Job.Id, Tail, Time, Logger, moved =>
            {
                if (moved)
                {
                    Invalidate();
                }
                else
                {
                    _ = InvokeAsync(StateHasChanged);
                }
            });
        }
    }

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (id, file) = (Id, _file ?? new JobFile(Desk.Get<TenantScope>(), Desk.Get<JobReader>(), Desk.Get<JobHistory>()));
        await file.ReadAsync(id, _at, cancellationToken);
        if (id != Id)
        {
            // The reader has gone on to another job, which is read into a file of its own.
            return;
        }

        _file = file;
        _spans = AttemptSpan.Of(file.Events);
        _revision++;
    }

    protected override async ValueTask LeaveAsync()
    {
        Navigation.LocationChanged -= Moved;
        await StopAsync();
    }

    private async ValueTask StopAsync()
    {
        if (Interlocked.Exchange(ref _watch, null) is { } watch)
        {
            await watch.DisposeAsync();
        }
    }

    private void ReadAddress(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        var tab = query.GetValueOrDefault("tab").ToString();
        _tab = Tabs.Any(known => known.Key == tab) ? tab : "plan";
        _at = int.TryParse(query.GetValueOrDefault("at").ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : null;
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == $"/jobs/{Id}")
        {
            _ = InvokeAsync(async () =>
            {
                ReadAddress(e.Location);
                await ReloadAsync();
            });
        }
    }

    private void Go(int? at, string tab) => Navigation.NavigateTo(
        QueryHelpers.AddQueryString($"/jobs/{Id}", new Dictionary<string, string?> { ["tab"] = tab == "plan" ? null : tab, ["at"] = at?.ToString(CultureInfo.InvariantCulture) }),
        replace: true);

    private void Scrub(ChangeEventArgs e)
    {
        if (int.TryParse(e.Value?.ToString(), CultureInfo.InvariantCulture, out var seq))
        {
            Go(seq >= _file!.Job.Seq ? null : seq, _tab);
        }
    }

    private static string Count(JobFile file, string tab) => tab switch
    {
        "review" => Number(file.OfKind(ArtifactKinds.Review).Count),
        "events" => Number(file.At ?? file.Events.Count),
        _ => "",
    };

    private static string Number(int count) => count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture);

    private static bool IsWeb(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https";
}
