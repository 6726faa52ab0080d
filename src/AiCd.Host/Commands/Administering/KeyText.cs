using System.Globalization;
using AiCd.Host.Output;
using AiCd.Web.Administration;

namespace AiCd.Host.Commands.Administering;

/// <summary>Keys for people.</summary>
internal static class KeyText
{
    public static void Write(IReadOnlyList<KeyDetails> keys)
    {
        if (keys.Count == 0)
        {
            Screen.Line("No keys");
            return;
        }

        Screen.Line($"{"KEY",-16}  {"TENANT",-20}  {"SCOPES",-26}  {"EXPIRES (UTC)",-16}  {"USED (UTC)",-16}  {"STATE",-7}  NAME");
        foreach (var key in keys)
        {
            Screen.Line(
                $"{key.Id,-16}  {key.Tenant,-20}  {string.Join(' ', key.Scopes),-26}  {TimeOf(key.ExpiresAt),-16}  {TimeOf(key.LastUsedAt),-16}  {(key.RevokedAt is null ? "valid" : "revoked"),-7}  {TerminalText.Line(key.Name, 60)}");
        }
    }

    /// <summary>Standard output has the key alone, so that a script can keep it.</summary>
    public static void Write(NewKey made, Screen screen)
    {
        var details = made.Details;
        screen.Note(
            $"Key {details.Id} of tenant {details.Tenant} may {string.Join(", ", details.Scopes)}{(details.ExpiresAt is { } at ? $" until {TimeOf(at)} UTC" : "")}; it is shown this once");
        Screen.Line(made.Key);
    }

    private static string TimeOf(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "never";
}
