using System.Globalization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;
using Spectre.Console;

namespace AiCd.Host.Output;

/// <summary>A job as a table that is redrawn in place: one row a stage with its attempt, the time spent and what it last said.</summary>
internal sealed class LiveBoard : IJobWatcher
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);

    // Of a line's width: mark, stage, attempt and time.
    private const int RoomForOthers = 46;
    private const int MinText = 20;

    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console;
    private readonly StageBoard _board = new();
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable _notes;
    private readonly Task _display;

    public LiveBoard(Screen screen, TimeProvider time)
    {
        _time = time;
        _console = screen.Terminal;
        _notes = screen.TakeNotes(note => _console.WriteLine(note));
        _display = _console.Live(Draw()).StartAsync(ShowAsync);
    }

    public void Recorded(JobRecorded recorded, Job job)
    {
        lock (_gate)
        {
            _board.Add(recorded, job);
        }
    }

    public void Progressed(JobProgressed progressed)
    {
        lock (_gate)
        {
            _board.Add(progressed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _done.TrySetResult();
        await _display;
        _notes.Dispose();
    }

    private async Task ShowAsync(LiveDisplayContext display)
    {
        bool last;
        do
        {
            await Task.WhenAny(_done.Task, Task.Delay(Redraw, _time));

            // Asked before it is drawn: whatever was recorded until the end is in the last table.
            last = _done.Task.IsCompleted;
            display.UpdateTarget(Draw());
        }
        while (!last);
    }

    private Table Draw()
    {
        var table = new Table().Border(TableBorder.None).HideHeaders();
        table.AddColumns(new TableColumn("").NoWrap(), new TableColumn("").NoWrap(), new TableColumn("").NoWrap(), new TableColumn("").NoWrap(), new TableColumn(""));
        lock (_gate)
        {
            foreach (var row in _board.Rows)
            {
                table.AddRow(
                    Mark(row.Status),
                    WireNames.Of(row.Stage),
                    AttemptOf(row),
                    row.Attempt == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{row.ElapsedAt(_time.GetUtcNow()).TotalSeconds:0.0} s"),
                    Markup.Escape(TerminalText.Line(row.Text, Math.Max(MinText, _console.Profile.Width - RoomForOthers))));
            }
        }

        return table;
    }

    private static string AttemptOf(StageRow row) => row switch
    {
        { Attempt: 0 } => "",
        { Round: > 1, Stage: Stage.Coding or Stage.Reviewing } => $"round {row.Round}, attempt {row.Attempt}",
        _ => $"attempt {row.Attempt}",
    };

    private static string Mark(StageStatus status) => status switch
    {
        StageStatus.Running => "[yellow]»[/]",
        StageStatus.Done => "[green]✓[/]",
        StageStatus.Rejected => "[yellow]↺[/]",
        StageStatus.Failed => "[red]✗[/]",
        _ => "[grey]·[/]",
    };
}
