using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AiCd.Host.CommandLine;
using AiCd.Host.Output;
using AiCd.Web.Administration;

namespace AiCd.Host.Commands.Administering;

/// <summary><c>aicd keys</c>: what callers of the API show.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "Who or what it is for; histories name it" };
    private static readonly Argument<string> Key = new("KEY") { Description = "The key's id, which follows aicd_ in it" };
    private static readonly Option<string> Tenant = new("--tenant") { HelpName = "TENANT", Description = "Whose key it is [default: the own one]" };
    private static readonly Option<string> OfTenant = new("--tenant") { HelpName = "TENANT", Description = "Only the keys of this tenant" };

    private static readonly Option<string[]> Scope = new("--scope")
    {
        HelpName = "SCOPE",
        Description = "read, write, operate or admin; again, or with commas, for more",
        Required = true,
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    private static readonly Option<Expiry?> Expires = new("--expires")
    {
        HelpName = "WHEN",
        Description = "A day or a time such as 2030-01-31 or 2030-01-31T12:00Z (UTC), or in how many days, such as 90d [default: never]",
        CustomParser = ParseExpiry,
    };

    public static Command Create(Screen screen) => new Command("keys", "Look at, make and revoke keys of the API")
    {
        AdministrationAccess.Create(screen, "list", "All keys, without the keys themselves", [OfTenant], async (administration, arguments, interrupted) =>
        {
            var keys = await administration.KeysAsync(arguments.GetValue(OfTenant), interrupted);
            return (keys, () => KeyText.Write(keys));
        }).WithExamples("aicd keys list", "aicd keys list --tenant acme --json"),
        AdministrationAccess.Create(screen, "create", "Make a key; it is printed this once", [Name, Scope, Tenant, Expires], async (administration, arguments, interrupted) =>
        {
            var expiry = arguments.GetValue(Expires);
            var request = new NewKeyRequest(
                arguments.GetValue(Name)!, arguments.GetValue(Scope)!, arguments.GetValue(Tenant), expiry?.At ?? (expiry is null ? null : TimeProvider.System.GetUtcNow() + expiry.In));
            var made = await administration.AddKeyAsync(request, interrupted);
            return (made, () => KeyText.Write(made, screen));
        }).WithExamples("aicd keys create ci --scope read,write", "AICD_API_KEY=$(aicd keys create ci --scope write --tenant acme --expires 90d)"),
        AdministrationAccess.Create(screen, "revoke", "Let a key be valid nowhere, after at most five seconds", [Key], async (administration, arguments, interrupted) =>
        {
            var key = IdOf(arguments.GetValue(Key)!);
            await administration.RevokeKeyAsync(key, interrupted);
            return (new RevokedKey(key, Revoked: true), () => Screen.Line($"Key {key} is revoked"));
        }).WithExamples("aicd keys revoke 0123456789ab"),
    }.WithExamples("aicd keys list", "aicd keys create ci --scope read,write", "aicd keys revoke 0123456789ab");

    /// <summary>A whole key has no place on a command line, so it is not repeated either.</summary>
    private static string IdOf(string text) => text.StartsWith("aicd_", StringComparison.Ordinal)
        ? throw CommandException.BadInput("KEY: expected the key's id, which follows aicd_ in it, got a whole key; `aicd keys list` shows ids")
        : text;

    private static Expiry? ParseExpiry(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (text is [.. var days, 'd'] && int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 36_500)
        {
            return new Expiry(TimeSpan.FromDays(count));
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
        {
            return new Expiry(default, at);
        }

        result.AddError($"--expires: expected a time such as 2030-01-31, or days such as 90d, got '{text}'");
        return null;
    }

    private sealed record Expiry(TimeSpan In, DateTimeOffset? At = null);
}

internal sealed record RevokedKey(string Key, bool Revoked);
