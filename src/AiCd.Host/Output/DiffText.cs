using Spectre.Console;

namespace AiCd.Host.Output;

/// <summary>A unified diff: byte for byte where something else reads it, in colours and harmless where somebody looks at it.</summary>
internal static class DiffText
{
    public static void Write(Screen screen, string diff)
    {
        if (Console.IsOutputRedirected)
        {
            Console.Out.Write(diff);
            return;
        }

        foreach (var line in diff.TrimEnd('\n').Split('\n'))
        {
            var text = TerminalText.Block(line);
            if (screen.HasColours)
            {
                screen.Terminal.WriteLine(text, StyleOf(line));
            }
            else
            {
                Screen.Line(text);
            }
        }
    }

    private static Style StyleOf(string line) => line switch
    {
        _ when line.StartsWith("diff --git ", StringComparison.Ordinal) || line.StartsWith("+++ ", StringComparison.Ordinal)
            || line.StartsWith("--- ", StringComparison.Ordinal) => new Style(decoration: Decoration.Bold),
        ['@', '@', ..] => new Style(Color.Teal),
        ['+', ..] => new Style(Color.Green),
        ['-', ..] => new Style(Color.Red),
        _ => Style.Plain,
    };
}
