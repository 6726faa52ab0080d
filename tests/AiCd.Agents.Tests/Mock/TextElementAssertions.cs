using System.Globalization;

namespace AiCd.Agents.Tests.Mock;

internal static class TextElementAssertions
{
    public static void ShouldBeOnly(this TextElementEnumerator elements, string expected)
    {
        var count = 0;
        for (; elements.MoveNext(); count++)
        {
            elements.GetTextElement().ShouldBe(expected);
        }

        count.ShouldBeGreaterThan(0);
    }
}
