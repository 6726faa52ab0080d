using System.Globalization;
using Microsoft.Extensions.Options;

namespace AiCd.Forge;

/// <summary>Says of each wrong setting its key, what was expected and what was found.</summary>
internal sealed class ForgeOptionsValidator : IValidateOptions<ForgeOptions>
{
    private const int MinSize = 1024;
    private const int MaxDiff = 256 * 1024 * 1024;
    private const int MaxBundle = 1024 * 1024 * 1024;

    // Git drops these at both ends of a name, and refuses one that is nothing else.
    private const string Crud = " .,:;<>\"\\'";

    private static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, ForgeOptions options)
    {
        string[] failures =
        [
            .. Check(nameof(options.AuthorName), IsName(options.AuthorName),
                "one line without < and >, and without blanks or punctuation at its ends", options.AuthorName),
            .. Check(nameof(options.AuthorEmail), IsOneLine(options.AuthorEmail) && !options.AuthorEmail.Any(char.IsWhiteSpace),
                "an address without blanks, < and >", options.AuthorEmail),
            .. Check(nameof(options.Executable), !string.IsNullOrWhiteSpace(options.Executable),
                "the name or the absolute path of a program", options.Executable),
            .. Check(nameof(options.Timeout), options.Timeout >= MinTimeout && options.Timeout <= MaxTimeout,
                $"from {MinTimeout} to {MaxTimeout}", options.Timeout.ToString()),
            .. CheckSize(nameof(options.MaxDiffBytes), options.MaxDiffBytes, MaxDiff),
            .. CheckSize(nameof(options.MaxBundleBytes), options.MaxBundleBytes, MaxBundle),
            .. options.AllowedRoots.SelectMany((root, i) =>
                Check($"{nameof(options.AllowedRoots)}:{i}", Path.IsPathFullyQualified(root ?? ""), "an absolute path", root)),
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsName(string? text) => IsOneLine(text) && text!.Trim(Crud.ToCharArray()) == text;

    private static bool IsOneLine(string? text) =>
        !string.IsNullOrEmpty(text) && !text.Any(char.IsControl) && !text.Contains('<') && !text.Contains('>');

    private static IEnumerable<string> CheckSize(string key, int size, int max) =>
        Check(key, size >= MinSize && size <= max, $"from {MinSize} to {max}", size.ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<string> Check(string key, bool valid, string expected, string? found) =>
        valid ? [] : [$"{ForgeOptions.Section}:{key}: expected {expected}, found '{found}'"];
}
