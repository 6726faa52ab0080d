namespace AiCd.Forge.GitHub.Http;

/// <summary>
/// Answers with their ETags: asking again for what has not changed costs nothing of the limit. Bounded; what was not used for the
/// longest time goes first.
/// </summary>
internal sealed class ResponseCache
{
    private const int MaxEntries = 1_000;
    private const int MaxBytes = 16 * 1024 * 1024;
    private const int MaxEntry = 512 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    public (string ETag, GitHubResponse Response)? Find(string key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return (node.Value.ETag, node.Value.Response);
        }
    }

    public void Put(string key, string etag, GitHubResponse response)
    {
        if (response.Body.Length > MaxEntry)
        {
            return;
        }

        lock (_lock)
        {
            Remove(key);
            _entries[key] = _byUse.AddFirst(new Entry(key, etag, response));
            _bytes += response.Body.Length;
            while (_entries.Count > MaxEntries || _bytes > MaxBytes)
            {
                Remove(_byUse.Last!.Value.Key);
            }
        }
    }

    private void Remove(string key)
    {
        if (_entries.Remove(key, out var node))
        {
            _byUse.Remove(node);
            _bytes -= node.Value.Response.Body.Length;
        }
    }

    private sealed record Entry(string Key, string ETag, GitHubResponse Response);
}
