using System.CommandLine;
using System.Globalization;
using AiCd.Actors.Retention;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Configuration;
using AiCd.Host.StoreCare;
using Microsoft.Extensions.Configuration;

namespace AiCd.Host.Commands.Database;

/// <summary>Which stores a command of <c>aicd db</c> is about. It needs no node, so it asks for no other settings.</summary>
internal sealed class DatabaseScope
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    private DatabaseScope(string dataFolder, string connectionString, bool prunesHistories)
    {
        DataFolder = new StoreAddress.Sqlite(dataFolder);
        PrunesHistories = prunesHistories;
        Database = connectionString.Length > 0 ? new StoreAddress.Postgres(connectionString) : null;
    }

    public StoreAddress.Sqlite DataFolder { get; }

    /// <summary>Null where no connection string is configured.</summary>
    public StoreAddress.Postgres? Database { get; }

    /// <summary>Whether nodes remove the histories of old jobs.</summary>
    public bool PrunesHistories { get; }

    /// <summary>The store that a node with the same settings would use.</summary>
    public StoreAddress Store => Database ?? (StoreAddress)DataFolder;

    public static DatabaseScope Create(ParseResult arguments)
    {
        var configuration = ConfigurationSources.Load(
            (CommandScope.DataFolderKey, arguments.GetValue(SharedOptions.Data)), (CommandScope.PostgresKey, arguments.GetValue(SharedOptions.Postgres)));
        var folder = configuration[CommandScope.DataFolderKey];
        var connectionString = configuration[CommandScope.PostgresKey] ?? "";
        if (!new ConnectionStringAttribute().IsValid(connectionString))
        {
            throw CommandException.BadInput("--postgres: expected a connection string such as Host=localhost;Database=aicd;Username=aicd, got one that cannot be read or names no server or database");
        }

        return new DatabaseScope(Path.GetFullPath(folder is { Length: > 0 } ? folder : new HostSettings().DataFolder), connectionString, PrunesIn(configuration));
    }

    private static bool PrunesIn(IConfiguration configuration) =>
        TimeSpan.TryParse(configuration[$"{RetentionOptions.Section}:{nameof(RetentionOptions.Histories)}"], CultureInfo.InvariantCulture, out var age) && age > TimeSpan.Zero;

    /// <param name="option">Names the option in messages.</param>
    public StoreAddress Find(string engine, string option) => engine switch
    {
        Sqlite => DataFolder,
        Postgres => Database ?? throw CommandException.BadInput($"{option} postgres: expected a connection string in --postgres or AiCd__Postgres, got none"),
        _ => throw CommandException.BadInput($"{option}: expected {Sqlite} or {Postgres}, got '{engine}'"),
    };
}
