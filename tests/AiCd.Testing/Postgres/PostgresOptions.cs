namespace AiCd.Testing;

/// <summary>Settings of a private cluster that differ from the server's own defaults.</summary>
public sealed record PostgresOptions
{
    /// <summary>Off makes commits faster, and only a crash of the whole machine could tell the difference.</summary>
    public bool Fsync { get; init; } = true;

    public int MaxConnections { get; init; } = 200;

    /// <summary>Any other settings of postgresql.conf.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
