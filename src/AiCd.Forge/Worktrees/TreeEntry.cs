using System.Text;
using AiCd.Actors.Ports;
using AiCd.Forge.Paths;

namespace AiCd.Forge.Worktrees;

/// <summary>One path in which two trees differ.</summary>
/// <param name="Mode">The new mode as git writes it, all zeros for a deleted path.</param>
internal sealed record TreeEntry(string Path, string OldMode, string Mode, string OldBlob, string Blob)
{
    private const string Link = "120000";
    private const string Submodule = "160000";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public bool IsDeleted => Mode == "000000";

    public bool IsLink => Mode == Link;

    public bool IsSubmodule => Mode == Submodule;

    /// <summary>Reads the output of <c>git diff-tree --raw -z --no-renames --no-abbrev</c>.</summary>
    /// <exception cref="StageException">A path is not UTF-8.</exception>
    public static IEnumerable<TreeEntry> Parse(byte[] output)
    {
        for (var rest = output.AsMemory(); rest.Length > 0;)
        {
            var facts = Encoding.ASCII.GetString(Take(ref rest).Span[1..]).Split(' ');
            yield return new TreeEntry(Decode(Take(ref rest).Span), facts[0], facts[1], facts[2], facts[3]);
        }
    }

    private static Memory<byte> Take(ref Memory<byte> rest)
    {
        var end = rest.Span.IndexOf((byte)0);
        var part = rest[..end];
        rest = rest[(end + 1)..];
        return part;
    }

    private static string Decode(ReadOnlySpan<byte> path)
    {
        try
        {
            return Strict.GetString(path);
        }
        catch (DecoderFallbackException)
        {
            throw PathRefusal.Because(Encoding.UTF8.GetString(path), "is not valid UTF-8");
        }
    }
}
