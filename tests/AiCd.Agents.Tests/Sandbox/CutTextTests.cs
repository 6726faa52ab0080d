using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tests.Sandbox;

public sealed class CutTextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Beginning_and_end_are_kept_in_whatever_pieces_they_come(int piece)
    {
        var whole = string.Concat(Enumerable.Range(0, 200).Select(i => (char)('a' + (i % 26))));
        for (var length = 0; length <= 40; length++)
        {
            var text = whole[..length];
            var cut = new CutText(20);
            foreach (var part in text.Chunk(piece))
            {
                cut.Append(part);
            }

            cut.IsCut.ShouldBe(length > 20);
            cut.ToString().ShouldBe(length <= 20 ? text : $"{text[..10]}\n[... {length - 20} characters are cut here ...]\n{text[^10..]}");
        }
    }

    [Fact]
    public void A_pair_of_surrogates_is_not_torn()
    {
        var cut = new CutText(4);

        cut.Append("a\U0001F600bcd\U0001F600e");

        cut.ToString().EnumerateRunes().ShouldNotContain(new System.Text.Rune('\uFFFD'));
    }
}
