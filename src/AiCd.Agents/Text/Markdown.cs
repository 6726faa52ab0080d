using System.Text;

namespace AiCd.Agents.Text;

/// <summary>Puts untrusted text into Markdown so that it cannot reach beyond the place it was given.</summary>
internal static class Markdown
{
    private const string Special = "\\`*_{}[]<>#|!~&";

    /// <summary>The line as plain text.</summary>
    public static string Escape(string line)
    {
        var escaped = new StringBuilder(line.Length + 8);
        foreach (var c in line)
        {
            if (Special.Contains(c, StringComparison.Ordinal))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>The block as a quotation: a code fence or comment that it leaves open ends with the quotation.</summary>
    public static StringBuilder AppendQuote(this StringBuilder markdown, string block)
    {
        foreach (var line in block.Split('\n'))
        {
            markdown.Append(line.Length == 0 ? ">" : "> ").Append(line).Append('\n');
        }

        return markdown;
    }

    public static StringBuilder AppendList(this StringBuilder markdown, IEnumerable<string> items)
    {
        foreach (var item in items)
        {
            markdown.Append("- ").Append(item).Append('\n');
        }

        return markdown;
    }
}
