using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Runtime;

namespace AiCd.Host.Configuration;

/// <summary>What the executable itself needs to know (section <c>AiCd</c>).</summary>
internal sealed class HostSettings
{
    public const string Section = EngineOptions.Section;

    /// <summary>The embedded node has one tenant.</summary>
    public const string Tenant = "default";

    /// <summary>Journal, artifacts and git mirrors (in a cluster only the latter); made where it is missing.</summary>
    [Required]
    [Expectation("a path")]
    [DefaultsTo("`$XDG_DATA_HOME/aicd`, or `~/.local/share/aicd`")]
    public string DataFolder { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "aicd");

    /// <summary>Where <c>aicd serve</c> listens; several are separated by semicolons. Port 0 takes a free one.</summary>
    [HttpUrls]
    [Expectation("URLs such as http://127.0.0.1:5080, separated by semicolons")]
    public string Urls { get; set; } = "http://127.0.0.1:5080";

    /// <summary>Connection string of the PostgreSQL database that the nodes of a cluster share; none for a store in the data folder.</summary>
    [Secret]
    [ConnectionString]
    [Expectation("a connection string such as Host=localhost;Database=aicd;Username=aicd;Password=..., with values that hold ; or = in double quotes")]
    public string Postgres { get; set; } = "";

    internal bool IsClustered => Postgres.Length > 0;
}
