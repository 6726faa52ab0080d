using System.Text;
using AiCd.Actors.Jobs;

namespace AiCd.Actors.Journal;

/// <summary>
/// Gives the same string for the same UTF-8 bytes while rows are read: millions of events bear a few dozen tenants and names,
/// and neighbours belong to the same job. Used by one reading at a time.
/// </summary>
internal sealed class RowInterner
{
    private const int Slots = 256;
    private const int LongestText = 64;

    private readonly (byte[] Utf8, string Text)[] _texts = new (byte[], string)[Slots];
    private byte[] _jobUtf8 = [];
    private JobId _job;

    public string Text(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestText)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var slot = ref _texts[(uint)hash.ToHashCode() % Slots];
        if (slot.Text is null || !utf8.SequenceEqual(slot.Utf8))
        {
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return slot.Text;
    }

    public JobId Job(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.SequenceEqual(_jobUtf8))
        {
            _job = JobId.Parse(Encoding.UTF8.GetString(utf8));
            _jobUtf8 = utf8.ToArray();
        }

        return _job;
    }
}
