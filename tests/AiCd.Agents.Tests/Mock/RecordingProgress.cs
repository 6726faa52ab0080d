using AiCd.Actors.Ports;

namespace AiCd.Agents.Tests.Mock;

/// <summary>Keeps what a stage reports and records.</summary>
internal sealed class RecordingProgress : IStageProgress
{
    public List<string> Reports { get; } = [];

    public List<(string Role, string Text)> Turns { get; } = [];

    public Action<string>? OnReport { get; set; }

    public void Report(string message)
    {
        Reports.Add(message);
        OnReport?.Invoke(message);
    }

    public void Record(string role, string text) => Turns.Add((role, text));
}
