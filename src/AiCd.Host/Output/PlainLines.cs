using System.Globalization;
using AiCd.Actors.Jobs;
using AiCd.Actors.Runtime;

namespace AiCd.Host.Output;

/// <summary>A job as plain lines, for output that is no terminal: time since the command began, state, what happened.</summary>
internal sealed class PlainLines(TimeProvider time) : IJobWatcher
{
    private readonly long _begun = time.GetTimestamp();
    private JobState _state;

    public void Recorded(JobRecorded recorded, Job job)
    {
        _state = recorded.State;
        Write(EventText.Of(recorded.Event, job));
    }

    public void Progressed(JobProgressed progressed) => Write($"  {TerminalText.Line(progressed.Message)}");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Write(string text) => Screen.Line(string.Create(
        CultureInfo.InvariantCulture, $"{time.GetElapsedTime(_begun).TotalSeconds,6:0.0} s  {WireNames.Of(_state),-9}  {text}"));
}
