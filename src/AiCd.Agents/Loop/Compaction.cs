using System.Text.Json.Serialization;
using AiCd.Agents.Models;

namespace AiCd.Agents.Loop;

/// <summary>Makes a conversation shorter without losing its thread. What tools said goes first: it can be asked for again.</summary>
internal static class Compaction
{
    private const int KeptCharacters = 200;
    private const int RecentMessages = 8;

    /// <returns>The next step that makes these messages shorter, or null where there is none left.</returns>
    public static LoopTurn.Compacted? Next(IReadOnlyList<ModelMessage> messages, LoopTurn.Compacted? last)
    {
        var steps =
            from level in Enum.GetValues<CompactionLevel>()
            let step = new LoopTurn.Compacted(level, Math.Max(1, messages.Count - Kept(level)))
            where last is null || step.Level > last.Level || step.UpTo > last.UpTo
            where Shortens(messages, step)
            select step;
        return steps.FirstOrDefault();
    }

    /// <summary>The first message stays whole: it says what the work is.</summary>
    public static void Apply(List<ModelMessage> messages, LoopTurn.Compacted step)
    {
        for (var i = 1; i < Math.Min(step.UpTo, messages.Count); i++)
        {
            messages[i] = messages[i] with { Blocks = [.. messages[i].Blocks.Select(block => Shorter(block, step.Level)).OfType<Block>()] };
        }
    }

    private static int Kept(CompactionLevel level) => level switch
    {
        CompactionLevel.OldResults => RecentMessages,
        CompactionLevel.Results => 2,
        _ => 0,
    };

    private static bool Shortens(IReadOnlyList<ModelMessage> messages, LoopTurn.Compacted step) =>
        messages.Take(step.UpTo).Skip(1).Any(message => message.Blocks.Any(block => !ReferenceEquals(Shorter(block, step.Level), block)));

    private static Block? Shorter(Block block, CompactionLevel level) => (block, level) switch
    {
        (ToolResultBlock { Text.Length: > KeptCharacters * 2 } result, _) => result with { Text = Cut(result.Text) },
        (OpaqueBlock, CompactionLevel.Everything) => null,
        (TextBlock { Text.Length: > KeptCharacters * 2 } text, CompactionLevel.Everything) => text with { Text = Cut(text.Text) },
        (ToolCallBlock { Arguments.Length: > KeptCharacters * 2 } call, CompactionLevel.Everything) => call with { Arguments = """{"note":"left out to save space"}""" },
        _ => block,
    };

    private static string Cut(string text)
    {
        var end = char.IsHighSurrogate(text[KeptCharacters - 1]) ? KeptCharacters - 1 : KeptCharacters;
        return $"{text[..end]}\n[{text.Length - end} characters were left out to save space; ask again for what you need]";
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<CompactionLevel>))]
internal enum CompactionLevel
{
    /// <summary>What tools said some time ago.</summary>
    OldResults,

    /// <summary>What tools said up to the last answer.</summary>
    Results,

    /// <summary>Thoughts, words and arguments too.</summary>
    Everything,
}
