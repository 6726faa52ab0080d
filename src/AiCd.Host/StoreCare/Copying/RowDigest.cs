using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AiCd.Host.StoreCare.Copying;

/// <summary>The number of rows and a sum of their hashes: equal for the same rows in whatever order.</summary>
internal sealed class RowDigest
{
    private readonly ulong[] _sum = new ulong[4];

    public long Rows { get; private set; }

    public void Add(object?[] row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> head = stackalloc byte[9];
        foreach (var cell in row)
        {
            // Kind and length first: no two rows are the same sequence of bytes.
            var (kind, bytes) = Encode(cell);
            head[0] = kind;
            BinaryPrimitives.WriteInt64LittleEndian(head[1..], bytes.Length);
            hash.AppendData(head);
            hash.AppendData(bytes);
        }

        var result = hash.GetHashAndReset();
        for (var i = 0; i < _sum.Length; i++)
        {
            _sum[i] = unchecked(_sum[i] + BinaryPrimitives.ReadUInt64LittleEndian(result.AsSpan(i * sizeof(ulong))));
        }

        Rows++;
    }

    public bool IsSame(RowDigest other) => Rows == other.Rows && _sum.AsSpan().SequenceEqual(other._sum);

    private static (byte Kind, byte[] Bytes) Encode(object? cell) => cell switch
    {
        null => (0, []),
        long number => (1, BitConverter.GetBytes(number)),
        string text => (2, Encoding.UTF8.GetBytes(text)),
        byte[] bytes => (3, bytes),
        double number => (4, BitConverter.GetBytes(number)),
        bool flag => (5, [flag ? (byte)1 : (byte)0]),

        // To the microsecond, which is what a database keeps.
        DateTime time => (6, BitConverter.GetBytes(time.Ticks / TimeSpan.TicksPerMicrosecond)),
        Guid id => (7, id.ToByteArray()),
        _ => throw new InvalidOperationException($"No encoding for {cell.GetType().Name}"),
    };
}
