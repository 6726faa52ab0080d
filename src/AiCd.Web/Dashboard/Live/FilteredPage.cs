using AiCd.Web.Dashboard.Filters;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace AiCd.Web.Dashboard.Live;

/// <summary>A page whose address says what it shows, and that follows the changes of its tenant's jobs.</summary>
public abstract class FilteredPage : LivePage
{
    private IDisposable? _pulse;
    private string _path = "";

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal TenantPulses Pulses { get; set; } = null!;

    protected ViewFilter Filter { get; private set; } = ViewFilter.All;

    protected override async Task OnInitializedAsync()
    {
        _path = new Uri(Navigation.Uri).AbsolutePath;
        Filter = ViewFilter.Parse(Navigation.Uri);
        Navigation.LocationChanged += Moved;
        _pulse = Pulses.Subscribe(Desk.Caller.Tenant, _ => Invalidate());
        await ReloadAsync();
    }

    /// <summary>The view is another one now.</summary>
    protected virtual void FilterChanged()
    {
    }

    protected void Show(ViewFilter filter)
    {
        // The address changes a moment later, and the next click builds on what this one chose.
        Filter = filter;
        Navigation.NavigateTo(filter.At(_path), replace: true);
    }

    protected override ValueTask LeaveAsync()
    {
        Navigation.LocationChanged -= Moved;
        _pulse?.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath != _path)
        {
            return;
        }

        _ = InvokeAsync(async () =>
        {
            Filter = ViewFilter.Parse(e.Location);
            FilterChanged();
            await ReloadAsync();
        });
    }
}
