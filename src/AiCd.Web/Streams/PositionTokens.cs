using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.DataProtection;

namespace AiCd.Web.Streams;

/// <summary>
/// The place in the common stream: the positions of all shards. They count every tenant's events, so they leave this program only
/// encrypted, and in a form whose length says nothing either.
/// </summary>
internal sealed class PositionTokens(IDataProtectionProvider protection)
{
    private const int Width = sizeof(long);

    private readonly IDataProtector _protector = protection.CreateProtector("AiCd.Web.Positions");

    public string Create(ReadOnlySpan<long> positions)
    {
        var bytes = new byte[positions.Length * Width];
        for (var i = 0; i < positions.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * Width), positions[i]);
        }

        return Base64Url.EncodeToString(_protector.Protect(bytes));
    }

    /// <exception cref="ProblemException">The token was not given out by this installation.</exception>
    public long[] Read(string token, int shards)
    {
        try
        {
            var bytes = _protector.Unprotect(Base64Url.DecodeFromChars(token));
            if (bytes.Length == shards * Width)
            {
                var positions = new long[shards];
                for (var i = 0; i < shards; i++)
                {
                    positions[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * Width));
                }

                return positions;
            }
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            // As wrong as one of another installation.
        }

        throw new ProblemException(ProblemType.InvalidCursor, "The id is not one of this stream", "Last-Event-ID", "the id of an event of this stream");
    }
}
