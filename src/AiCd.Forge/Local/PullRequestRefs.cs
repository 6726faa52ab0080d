using System.Globalization;
using AiCd.Forge.Git;
using AiCd.Forge.Repositories;

namespace AiCd.Forge.Local;

/// <summary>
/// Pull requests as refs of the source repository, <c>refs/aicd/pulls/&lt;n&gt;</c>, each a blob: every node that works on the repository
/// sees them, and they outlive AiCd. A ref is created and changed by compare-and-set only.
/// </summary>
internal sealed class PullRequestRefs(GitRunner git, Blobs blobs, SourceRefLocks locks)
{
    private const string Prefix = "refs/aicd/pulls/";

    public static string Name(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// All pull requests by number. Complete in this sense: every one that existed when the call began is there, and for every
    /// one that is there, so are those with lower numbers, unless somebody deleted them.
    /// </summary>
    /// <remarks>
    /// Git lists refs one by one, so a listing that runs beside creations may show a later one without an earlier one. Numbers
    /// are created in order; so a gap below the highest number of an earlier listing is a deletion, and any other is listed again.
    /// </remarks>
    public async Task<SortedDictionary<int, StoredPullRequest>> ListAsync(SourceRepository source, CancellationToken cancellationToken)
    {
        for (var settled = 0; ;)
        {
            var refs = await ListRefsAsync(source, cancellationToken);
            var highest = refs.Keys.LastOrDefault();
            if (Enumerable.Range(settled + 1, highest - Math.Min(settled, highest)).All(refs.ContainsKey))
            {
                return await ReadAsync(source, refs, cancellationToken);
            }

            settled = highest;
        }
    }

    /// <returns>Whether it was created; otherwise the number is taken.</returns>
    public async Task<bool> TryCreateAsync(SourceRepository source, LocalPullRequest pullRequest, CancellationToken cancellationToken) =>
        await TryWriteAsync(source, pullRequest, expected: "", cancellationToken);

    /// <returns>Whether it was replaced; otherwise it is not any more what was read.</returns>
    public async Task<bool> TryReplaceAsync(SourceRepository source, StoredPullRequest old, LocalPullRequest pullRequest, CancellationToken cancellationToken) =>
        await TryWriteAsync(source, pullRequest, old.Blob, cancellationToken);

    /// <param name="expected">The blob that the ref has; empty for a ref that is not there.</param>
    private async Task<bool> TryWriteAsync(SourceRepository source, LocalPullRequest pullRequest, string expected, CancellationToken cancellationToken)
    {
        var name = Name(pullRequest.Number);
        var blob = await git.RunAsync(
            source.Place.Command("hash-object", "-w", "--stdin") with { Input = PullRequestJson.Write(pullRequest) }, cancellationToken);
        var update = source.Place.Command("update-ref", "--no-deref", "--end-of-options", name, blob.Line, expected);
        var output = await git.TryRunAsync(update, cancellationToken);
        if (!output.Succeeded)
        {
            locks.Judge(source, name, update, output);
        }

        return output.Succeeded;
    }

    private async Task<SortedDictionary<int, string>> ListRefsAsync(SourceRepository source, CancellationToken cancellationToken)
    {
        var output = await git.RunAsync(
            source.Place.Command("for-each-ref", "--format=%(objectname) %(refname)", Prefix), cancellationToken);
        var refs = new SortedDictionary<int, string>();
        foreach (var line in output.Lines)
        {
            var (blob, name) = (line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..]);
            if (int.TryParse(name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Name(number) == name)
            {
                refs[number] = blob;
            }
        }

        return refs;
    }

    private async Task<SortedDictionary<int, StoredPullRequest>> ReadAsync(
        SourceRepository source, SortedDictionary<int, string> refs, CancellationToken cancellationToken)
    {
        var contents = await blobs.ReadAsync(source.Place, [.. refs.Values], cancellationToken);
        var pullRequests = new SortedDictionary<int, StoredPullRequest>();
        foreach (var ((number, blob), content) in refs.Zip(contents))
        {
            pullRequests[number] = new StoredPullRequest(blob, PullRequestJson.Read(Name(number), content));
        }

        return pullRequests;
    }
}
