using System.Text.Json;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Actors.Ports;

namespace AiCd.Actors.Stages;

/// <summary>Collects what a running stage says: lines for whoever watches, and the transcript that becomes an artifact.</summary>
/// <param name="recorded">Hears every turn that the transcript takes.</param>
public sealed class StageProgress(Action<string> report, Action<string, string>? recorded = null) : IStageProgress
{
    /// <summary>A transcript beyond this many characters keeps its beginning and says that it was cut.</summary>
    public const int MaxTranscript = 4_000_000;

    private readonly Lock _lock = new();
    private readonly List<(string Role, string Text)> _turns = [];
    private int _length;
    private bool _cut;

    public void Report(string message) => report(message);

    public void Record(string role, string text)
    {
        lock (_lock)
        {
            if (_cut)
            {
                return;
            }

            _cut = _length + text.Length > MaxTranscript;
            _turns.Add(_cut ? ("note", "The transcript was cut here: it is too long") : (role, text));
            _length += text.Length;
        }

        recorded?.Invoke(role, text);
    }

    /// <returns>JSON Lines of <c>role</c> and <c>text</c>, or null where nothing was recorded.</returns>
    public NewArtifact? ToArtifact()
    {
        lock (_lock)
        {
            if (_turns.Count == 0)
            {
                return null;
            }

            var lines = _turns.Select(turn =>
                $"{{\"role\":{JsonSerializer.Serialize(turn.Role)},\"text\":{JsonSerializer.Serialize(turn.Text)}}}\n");
            return NewArtifact.Text(ArtifactKinds.Transcript, string.Concat(lines), "application/jsonl");
        }
    }
}
