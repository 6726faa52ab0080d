using System.Globalization;
using System.Text;

namespace AiCd.Agents.Sandbox;

/// <summary>Keeps the beginning and the end of a text that may be endless, and says in between how much is gone.</summary>
internal sealed class CutText(int limit)
{
    private readonly StringBuilder _head = new();
    private readonly char[] _tail = new char[limit - (limit / 2)];
    private long _total;
    private long _inTail;

    public bool IsCut => _inTail > _tail.Length;

    public void Append(ReadOnlySpan<char> text)
    {
        _total += text.Length;
        var toHead = Math.Min(text.Length, (limit / 2) - _head.Length);
        _head.Append(text[..toHead]);
        text = text[toHead..];
        _inTail += text.Length;

        // Only the last characters can survive; they end where the count says.
        var kept = text[Math.Max(0, text.Length - _tail.Length)..];
        var start = _inTail - kept.Length;
        for (var i = 0; i < kept.Length; i++)
        {
            _tail[(start + i) % _tail.Length] = kept[i];
        }
    }

    public override string ToString()
    {
        if (!IsCut)
        {
            return _head.ToString() + new string(_tail, 0, (int)_inTail);
        }

        var first = (int)(_inTail % _tail.Length);
        var end = string.Concat(_tail.AsSpan(first), _tail.AsSpan(0, first));
        var gone = _total - _head.Length - _tail.Length;
        return string.Create(CultureInfo.InvariantCulture, $"{Whole(_head.ToString(), last: true)}\n[... {gone} characters are cut here ...]\n{Whole(end, last: false)}");
    }

    /// <summary>Half of a surrogate pair at the cut goes with its other half.</summary>
    private static string Whole(string text, bool last) =>
        text.Length == 0 ? text : last && char.IsHighSurrogate(text[^1]) ? text[..^1] : !last && char.IsLowSurrogate(text[0]) ? text[1..] : text;
}
