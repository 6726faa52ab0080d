using System.Globalization;
using Microsoft.Extensions.Options;

namespace AiCd.Forge;

/// <summary>Says of each wrong setting its key, what was expected and what was found.</summary>
internal sealed class ForgeOptionsValidator : IValidateOptions<ForgeOptions>
{
    private const int MaxDiff = 256 * 1024 * 1024;
    private const int MaxBundle = 1024 * 1024 * 1024;

    // Git drops these at both ends of a name, and refuses one that is nothing else.
    private const string Crud = " .,:;<>\"\\'";

    public ValidateOptionsResult Validate(string? name, ForgeOptions options)
    {
        string[] failures =
        [
            .. Check(nameof(options.AuthorName), IsOneLine(options.AuthorName) && options.AuthorName.Trim(Crud.ToCharArray()) == options.AuthorName && options.AuthorName.Length > 0,
                "one line without < and >, and without blanks or punctuation at its ends", options.AuthorName),
            .. Check(nameof(options.AuthorEmail), IsOneLine(options.AuthorEmail) && options.AuthorEmail.Length > 0 && !options.AuthorEmail.Any(char.IsWhiteSpace),
                "an address without blanks, < and >", options.AuthorEmail),
            .. Check(nameof(options.Executable), !string.IsNullOrWhiteSpace(options.Executable), "the name or the absolute path of a program", options.Executable),
            .. Check(nameof(options.Timeout), options.Timeout >= TimeSpan.FromSeconds(1) && options.Timeout <= TimeSpan.FromDays(1), "from 00:00:01 to 1.00:00:00", options.Timeout.ToString()),
            .. Check(nameof(options.MaxDiffBytes), options.MaxDiffBytes is >= 1024 and <= MaxDiff, $"from 1024 to {MaxDiff}", options.MaxDiffBytes.ToString(CultureInfo.InvariantCulture)),
            .. Check(nameof(options.MaxBundleBytes), options.MaxBundleBytes is >= 1024 and <= MaxBundle, $"from 1024 to {MaxBundle}", options.MaxBundleBytes.ToString(CultureInfo.InvariantCulture)),
            .. options.AllowedRoots.SelectMany((root, i) => Check($"{nameof(options.AllowedRoots)}:{i}", Path.IsPathFullyQualified(root ?? ""), "an absolute path", root)),
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsOneLine(string? text) => text is not null && !text.Any(char.IsControl) && !text.Contains('<') && !text.Contains('>');

    private static IEnumerable<string> Check(string key, bool valid, string expected, string? found) =>
        valid ? [] : [$"{ForgeOptions.Section}:{key}: expected {expected}, found '{found}'"];
}
