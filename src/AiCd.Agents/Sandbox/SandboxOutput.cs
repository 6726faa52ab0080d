using System.Text;

namespace AiCd.Agents.Sandbox;

/// <summary>What a command writes on both of its streams, read to the end whatever it writes, and kept as far as allowed.</summary>
internal sealed class SandboxOutput(int limit, Action<string>? onLine)
{
    /// <summary>Nobody reads that much: a command that writes more is caught in a loop.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    private const int ChunkSize = 32 * 1024;
    private const int MaxLine = 4096;

    private readonly Lock _lock = new();
    private readonly CutText _both = new(limit);
    private readonly CutText _standard = new(limit);
    private readonly TaskCompletionSource _flooded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;

    /// <summary>Completes when the command wrote more than <see cref="MaxBytes"/>.</summary>
    public Task Flooded => _flooded.Task;

    public string Both => Locked(_both.ToString);

    public string Standard => Locked(_standard.ToString);

    public bool IsCut => Locked(() => _both.IsCut);

    public bool IsStandardCut => Locked(() => _standard.IsCut);

    public Task ReadAsync(Stream standard, Stream errors) => Task.WhenAll(ReadAsync(standard, isStandard: true), ReadAsync(errors, isStandard: false));

    private async Task ReadAsync(Stream stream, bool isStandard)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[ChunkSize];
        var characters = new char[Encoding.UTF8.GetMaxCharCount(ChunkSize)];
        var line = new StringBuilder();
        int count;
        do
        {
            count = await stream.ReadAsync(bytes);
            var text = characters.AsMemory(0, decoder.GetChars(bytes, 0, count, characters, 0, flush: count == 0));
            Keep(text.Span, isStandard, count);
            Split(text.Span, line);
        }
        while (count > 0);

        if (line.Length > 0)
        {
            onLine?.Invoke(line.ToString());
        }
    }

    private void Keep(ReadOnlySpan<char> text, bool isStandard, int count)
    {
        lock (_lock)
        {
            _both.Append(text);
            if (isStandard)
            {
                _standard.Append(text);
            }

            _bytes += count;
            if (_bytes > MaxBytes)
            {
                _flooded.TrySetResult();
            }
        }
    }

    private void Split(ReadOnlySpan<char> text, StringBuilder line)
    {
        if (onLine is null)
        {
            return;
        }

        foreach (var character in text)
        {
            if (character == '\n')
            {
                onLine(line.ToString());
                line.Clear();
            }
            else if (line.Length < MaxLine)
            {
                line.Append(character);
            }
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
