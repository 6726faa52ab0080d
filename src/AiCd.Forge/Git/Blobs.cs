using System.Globalization;
using System.Text;

namespace AiCd.Forge.Git;

/// <summary>Contents of many objects by one process.</summary>
internal sealed class Blobs(GitRunner git)
{
    /// <summary>The contents in the order of the names.</summary>
    public async Task<IReadOnlyList<byte[]>> ReadAsync(GitPlace place, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            return [];
        }

        var input = Encoding.UTF8.GetBytes(string.Concat(names.Select(name => name + "\n")));
        var output = await git.RunAsync(place.Command("cat-file", "--batch=%(objectsize)") with { Input = input }, cancellationToken);
        var contents = new List<byte[]>(names.Count);
        for (var rest = output.Bytes.AsMemory(); rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            if (!int.TryParse(rest.Span[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                throw new InvalidDataException($"git has no object for {names[contents.Count]}: {Encoding.UTF8.GetString(rest.Span[..end])}");
            }

            contents.Add(rest.Slice(end + 1, size).ToArray());
            rest = rest[(end + 1 + size + 1)..];
        }

        return contents;
    }
}
