using AiCd.Actors.Journal;

namespace AiCd.Host.StoreCare.Tables;

/// <summary>What the tables of a store are to it. A table that is not named here is history, whichever module made it.</summary>
internal static class StoreTables
{
    public const string Journal = "journal";
    public const string Artifacts = "artifacts";
    public const string Shards = "shards";
    public const string Cursors = "projection_cursors";
    public const string Views = "jobs";
    public const string Search = "job_search";
    public const string Nodes = "nodes";
    public const string LiveNotes = "live_notes";
    public const string DrainedNodes = "drained_nodes";
    public const string Meta = "meta";
    public const string Migrations = "migrations";
    public const string ActiveJobs = "active_jobs";
    public const string Claims = "claims";
    public const string ArtifactRefs = "artifact_refs";
    public const string WebPrefix = "web_";

    /// <summary>Belongs to one database, or is made again from the journal.</summary>
    private static readonly string[] Local = [Migrations, Nodes, DrainedNodes, LiveNotes, Views, Search, Cursors];

    /// <summary>What a store has from the moment it is made.</summary>
    private static readonly string[] MadeWithTheStore = [Migrations, Meta, Shards, Cursors];

    /// <summary>What moves when a store moves.</summary>
    public static bool IsCarried(string table) => !Local.Contains(table);

    /// <summary>Tenants, keys, the audit log, deliveries and notifications: in the database of a cluster, and in a file of its own in a data folder.</summary>
    public static bool IsOfWeb(string table) => table.StartsWith(WebPrefix, StringComparison.Ordinal);

    /// <summary>Whether rows in the table mean that the store was used.</summary>
    public static bool ShowsUse(string table) => !MadeWithTheStore.Contains(table) && table is not (Nodes or DrainedNodes or LiveNotes);

    /// <summary>The journal is read job by job; everything else by its key.</summary>
    public static IReadOnlyList<string> OrderOf(string table, IReadOnlyList<string> key) => table == Journal ? ["job_id", "seq_nr"] : key;

    public static TableShape Find(ITableSource source, string name) => source.Tables.FirstOrDefault(table => table.Name == name)
        ?? throw new StoreUnusableException("not_a_store", $"{source.Name} is not a store: it has no table {name}");
}
