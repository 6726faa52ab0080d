using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AiCd.Agents.Checks;

/// <summary>The plain part of YAML with the line of everything in it: no anchors, no tags, no depth to speak of.</summary>
internal abstract record YamlNode(long Line)
{
    private const int MaxDepth = 8;

    public sealed record Scalar(long Line, string Text, bool IsPlain) : YamlNode(Line)
    {
        public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
    }

    public sealed record Sequence(long Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line);

    public sealed record Mapping(long Line, IReadOnlyList<(Scalar Key, YamlNode Value)> Entries) : YamlNode(Line);

    /// <returns>Null for an empty document.</returns>
    /// <exception cref="PolicyFileException">It is no YAML of this kind.</exception>
    public static YamlNode? Parse(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _))
            {
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = Read(parser, 0);
            parser.Consume<DocumentEnd>();
            return parser.TryConsume<StreamEnd>(out _) ? root : throw At(parser.Current!.Start.Line, "expected one document, found another");
        }
        catch (YamlException e)
        {
            throw At(e.Start.Line, e.InnerException?.Message ?? e.Message);
        }
    }

    private static YamlNode Read(Parser parser, int depth)
    {
        var line = parser.Current!.Start.Line;
        if (depth > MaxDepth)
        {
            throw At(line, $"expected at most {MaxDepth} levels");
        }

        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
        {
            throw At(line, "expected no anchors and aliases");
        }

        if (parser.TryConsume<YamlDotNet.Core.Events.Scalar>(out var scalar))
        {
            return new Scalar(line, scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Read(parser, depth + 1));
            }

            return new Sequence(line, items);
        }

        parser.Consume<MappingStart>();
        var entries = new List<(Scalar, YamlNode)>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Read(parser, depth + 1) as Scalar ?? throw At(line, "expected a name before the colon");
            entries.Add((key, Read(parser, depth + 1)));
        }

        return new Mapping(line, entries);
    }

    private static PolicyFileException At(long line, string problem) => new([new PolicyProblem(line, problem)]);
}
