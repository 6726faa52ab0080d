using System.Globalization;

namespace AiCd.Web.Dashboard.Rendering.Text;

/// <summary>The colours that are in force, as far as a page shows them: 16 foreground colours, bold, dim, italic, underlined.</summary>
internal sealed record AnsiStyle(int? Colour = null, bool Bold = false, bool Dim = false, bool Italic = false, bool Underlined = false)
{
    public string? Class
    {
        get
        {
            string?[] names =
            [
                Colour is { } colour ? string.Create(CultureInfo.InvariantCulture, $"ansi-{colour}") : null,
                Bold ? "ansi-bold" : null,
                Dim ? "ansi-dim" : null,
                Italic ? "ansi-italic" : null,
                Underlined ? "ansi-underlined" : null,
            ];
            var joined = string.Join(' ', names.Where(name => name is not null));
            return joined.Length > 0 ? joined : null;
        }
    }

    /// <param name="parameters">Of a "select graphic rendition" sequence (ECMA-48).</param>
    public AnsiStyle Apply(string parameters)
    {
        var style = this;
        var codes = parameters.Split([';', ':']).Select(code => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToList();
        for (var i = 0; i < codes.Count; i++)
        {
            style = codes[i] switch
            {
                0 => new AnsiStyle(),
                1 => style with { Bold = true },
                2 => style with { Dim = true },
                3 => style with { Italic = true },
                4 => style with { Underlined = true },
                22 => style with { Bold = false, Dim = false },
                23 => style with { Italic = false },
                24 => style with { Underlined = false },
                39 => style with { Colour = null },
                >= 30 and <= 37 => style with { Colour = codes[i] - 30 },
                >= 90 and <= 97 => style with { Colour = codes[i] - 90 + 8 },
                _ => style,
            };

            if (codes[i] is 38 or 48)
            {
                // An extended colour: of the palette's 256 only the first 16 have a name here.
                var (palette, length) = Extended(codes, i);
                style = codes[i] == 38 ? style with { Colour = palette } : style;
                i += length;
            }
        }

        return style;
    }

    private static (int? Palette, int Length) Extended(List<int> codes, int at) => at + 1 < codes.Count
        ? codes[at + 1] switch
        {
            5 when at + 2 < codes.Count => (codes[at + 2] is >= 0 and < 16 ? codes[at + 2] : null, 2),
            2 => (null, Math.Min(4, codes.Count - 1 - at)),
            _ => (null, 1),
        }
        : (null, 0);
}
