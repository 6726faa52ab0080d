using System.Security.Cryptography;
using System.Text;
using AiCd.Agents.Text;

namespace AiCd.Agents.Prompts;

/// <summary>
/// Marks text that others wrote. The mark has a part that is made of the text itself: whoever writes the text cannot know it, and so
/// cannot end the mark within it.
/// </summary>
internal static class Fence
{
    private const int MarkLength = 12;

    /// <param name="what">What it is, such as <c>issue</c>.</param>
    public static string Around(string what, string text, int maxLength = 200_000)
    {
        var clean = PlainText.Block(text, maxLength);
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{clean}")))[..MarkLength];
        return $"<untrusted what=\"{what}\" mark=\"{mark}\">\n{clean}\n</untrusted mark=\"{mark}\">";
    }
}
