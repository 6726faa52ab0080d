using System.CommandLine;
using System.Globalization;

namespace AiCd.Host.CommandLine;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<string> Data { get; } = new("--data")
    {
        HelpName = "DIR",
        Description = "The data folder: journal, artifacts and git mirrors [default: $XDG_DATA_HOME/aicd or ~/.local/share/aicd]",
        Recursive = true,
    };

    public static Option<string> Postgres { get; } = new("--postgres")
    {
        HelpName = "CONN",
        Description = "Connection string of the PostgreSQL database that the nodes of a cluster share; with a password in it better set AiCd__Postgres, "
            + "because arguments can be seen by others on the machine [default: a store in the data folder]",
    };

    public static Option<string> Server { get; } = new("--server")
    {
        HelpName = "URL",
        Description = "The server to ask, with the key in AICD_API_KEY [default: AICD_URL, or the server that runs on the data folder]",
    };

    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Say on standard error what goes on inside",
        Recursive = true,
    };

    public static Option<bool> Json(string description) => new("--json") { Description = description };

    public static Option<int> WholeNumber(string name, string helpName, int from, int to, int standard, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to)
            {
                return value;
            }

            result.AddError($"{name}: expected a whole number from {from} to {to}, got '{text}'");
            return standard;
        },
    };
}
