using System.Collections.Frozen;

namespace AiCd.Web.Dashboard.Rendering.Diffs;

/// <summary>
/// Colours one line of code. A line of a diff is no whole document: what a comment or a string of several lines began before it is not
/// known, so this is a lexer of single lines, linear in their length, and wrong at worst about a colour.
/// </summary>
internal sealed class Syntax
{
    private static readonly FrozenSet<string> CLike = Words(
        "abstract as async await base bool break byte case catch char class const continue decimal default delegate do double else enum event explicit export extends",
        "extern false finally fixed float fn for foreach from func function get go goto if implements implicit import in init int interface internal is let lock long",
        "match mod mut nameof namespace new nil null object operator out override package params partial private protected pub public readonly record ref required return",
        "sbyte sealed self set short sizeof static string struct super switch this throw trait true try type typeof uint ulong unchecked unsafe use using val var virtual",
        "void volatile when where while with yield");

    private static readonly FrozenSet<string> Scripts = Words(
        "and as assert async await begin break case class continue def del do done elif else elsif end ensure esac except False fi finally for from function global if",
        "import in is lambda local module None nonlocal not or pass raise require rescue return self then True try unless until when while with yield export echo");

    private static readonly FrozenSet<string> Queries = Words(
        "add all alter and as asc begin between by case check column commit constraint create cross default delete desc distinct drop else end exists foreign from full",
        "group having if in index inner insert into is join key left like limit not null on or order outer primary references returning right select set table then",
        "union unique update using values view when where with");

    private static readonly Syntax None = new([], "", "", FrozenSet<string>.Empty);
    private static readonly Syntax C = new(['"', '\'', '`'], "//", "/*", CLike);
    private static readonly Syntax Script = new(['"', '\''], "#", "", Scripts);
    private static readonly Syntax Sql = new(['\''], "--", "/*", Queries, StringComparison.OrdinalIgnoreCase);
    private static readonly Syntax Data = new(['"', '\''], "#", "", Words("true false null yes no on off"));

    private static readonly FrozenDictionary<string, Syntax> ByExtension = new Dictionary<string, Syntax>(StringComparer.OrdinalIgnoreCase)
    {
        [".cs"] = C,
        [".java"] = C,
        [".kt"] = C,
        [".js"] = C,
        [".mjs"] = C,
        [".ts"] = C,
        [".tsx"] = C,
        [".jsx"] = C,
        [".c"] = C,
        [".h"] = C,
        [".cc"] = C,
        [".cpp"] = C,
        [".hpp"] = C,
        [".go"] = C,
        [".rs"] = C,
        [".swift"] = C,
        [".scala"] = C,
        [".php"] = C,
        [".dart"] = C,
        [".json"] = C,
        [".css"] = C,
        [".py"] = Script,
        [".rb"] = Script,
        [".sh"] = Script,
        [".bash"] = Script,
        [".ps1"] = Script,
        [".pl"] = Script,
        [".ex"] = Script,
        [".exs"] = Script,
        [".sql"] = Sql,
        [".yml"] = Data,
        [".yaml"] = Data,
        [".toml"] = Data,
        [".ini"] = Data,
        [".conf"] = Data,
        [".env"] = Data,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly char[] _quotes;
    private readonly string _lineComment;
    private readonly string _blockComment;
    private readonly FrozenSet<string> _keywords;
    private readonly StringComparison _comparison;

    private Syntax(char[] quotes, string lineComment, string blockComment, FrozenSet<string> keywords, StringComparison comparison = StringComparison.Ordinal)
    {
        _quotes = quotes;
        _lineComment = lineComment;
        _blockComment = blockComment;
        _keywords = keywords;
        _comparison = comparison;
    }

    /// <returns>A syntax that colours nothing where the language is not known.</returns>
    public static Syntax For(string path) => ByExtension.GetValueOrDefault(Path.GetExtension(path), None);

    /// <returns>Tokens that together are the line.</returns>
    public IEnumerable<SyntaxToken> Tokens(string line)
    {
        var plain = 0;
        for (var i = 0; i < line.Length;)
        {
            var (kind, length) = TokenAt(line, i);
            if (kind != SyntaxKind.Plain)
            {
                if (i > plain)
                {
                    yield return new SyntaxToken(SyntaxKind.Plain, plain, i - plain);
                }

                yield return new SyntaxToken(kind, i, length);
                plain = i + length;
            }

            i += length;
        }

        if (line.Length > plain)
        {
            yield return new SyntaxToken(SyntaxKind.Plain, plain, line.Length - plain);
        }
    }

    private (SyntaxKind Kind, int Length) TokenAt(string line, int at)
    {
        if (StartsAt(line, at, _lineComment))
        {
            return (SyntaxKind.Comment, line.Length - at);
        }

        if (StartsAt(line, at, _blockComment))
        {
            var end = line.IndexOf("*/", at + 2, StringComparison.Ordinal);
            return (SyntaxKind.Comment, (end < 0 ? line.Length : end + 2) - at);
        }

        if (_quotes.Contains(line[at]))
        {
            return (SyntaxKind.Text, TextLength(line, at));
        }

        var length = at;
        while (length < line.Length && (char.IsLetterOrDigit(line[length]) || line[length] == '_'))
        {
            length++;
        }

        length -= at;
        return length switch
        {
            0 => (SyntaxKind.Plain, 1),
            _ when char.IsAsciiDigit(line[at]) && _keywords.Count > 0 => (SyntaxKind.Number, length),
            _ => (IsKeyword(line.Substring(at, length)) ? SyntaxKind.Keyword : SyntaxKind.Plain, length),
        };
    }

    private bool IsKeyword(string word) =>
        _keywords.Contains(_comparison == StringComparison.OrdinalIgnoreCase ? word.ToLowerInvariant() : word);

    private static int TextLength(string line, int at)
    {
        for (var i = at + 1; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (line[i] == line[at])
            {
                return i + 1 - at;
            }
        }

        return line.Length - at;
    }

    private static bool StartsAt(string line, int at, string text) => text.Length > 0 && string.CompareOrdinal(line, at, text, 0, text.Length) == 0;

    private static FrozenSet<string> Words(params string[] lines) => lines.SelectMany(line => line.Split(' ')).ToFrozenSet(StringComparer.Ordinal);
}

internal readonly record struct SyntaxToken(SyntaxKind Kind, int Start, int Length);

internal enum SyntaxKind
{
    Plain,
    Keyword,
    Text,
    Number,
    Comment,
}
