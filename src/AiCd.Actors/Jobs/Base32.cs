namespace AiCd.Actors.Jobs;

/// <summary>Crockford's base 32 in lower case: no i, l, o or u, so that an id can be read aloud and never spells a word.</summary>
internal static class Base32
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";

    public static bool IsDigit(char c) => Digits.Contains(c, StringComparison.Ordinal);

    public static void Encode(Span<char> target, ulong value)
    {
        for (var i = target.Length - 1; i >= 0; i--, value >>= 5)
        {
            target[i] = Digits[(int)(value & 31)];
        }
    }

    public static ulong Decode(ReadOnlySpan<char> digits)
    {
        var value = 0UL;
        foreach (var digit in digits)
        {
            value = (value << 5) | (uint)Digits.IndexOf(digit, StringComparison.Ordinal);
        }

        return value;
    }
}
