using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AiCd.Agents.Sandbox;
using AiCd.Agents.Tools;

namespace AiCd.Agents.Checks;

/// <summary>Reads <c>.aicd.yml</c> and collects every problem with its line.</summary>
internal sealed partial class PolicyFileReader
{
    private const int MaxScript = 16 * 1024;
    private const int MaxText = 2000;
    private const int MaxItems = 200;

    private static readonly string[] Fields =
        ["version", .. PolicyCommand.All, "requireChecks", "protected", "tools", "network", "agent", "model", "base", "review", "labels"];

    private readonly List<PolicyProblem> _problems = [];

    /// <exception cref="PolicyFileException">It cannot be used.</exception>
    public static PolicyFile Read(byte[] content)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException)
        {
            throw new PolicyFileException([new PolicyProblem(1, "expected UTF-8")]);
        }

        var reader = new PolicyFileReader();
        var file = YamlNode.Parse(text.TrimStart('\uFEFF')) switch
        {
            null or YamlNode.Scalar { IsNull: true } => PolicyFile.Empty,
            YamlNode.Mapping root => reader.Root(root),
            var other => throw new PolicyFileException([new PolicyProblem(other.Line, $"expected fields such as 'test: dotnet test', found {Kind(other)}")]),
        };
        return reader._problems.Count == 0 ? file : throw new PolicyFileException([.. reader._problems.OrderBy(problem => problem.Line)]);
    }

    private PolicyFile Root(YamlNode.Mapping root)
    {
        var fields = Entries(root, "", Fields);
        if (fields.GetValueOrDefault("version") is { } version && Text(version, "version", 10) is { } number && number != "1")
        {
            Problem(version, $"version: expected 1, found '{number}'");
        }

        return new PolicyFile
        {
            Commands = [.. PolicyCommand.All.Select(name => Command(fields.GetValueOrDefault(name), name)).OfType<PolicyCommand>()],
            RequireChecks = Flag(fields.GetValueOrDefault("requireChecks"), "requireChecks"),
            ProtectedPaths = List(fields.GetValueOrDefault("protected"), "protected", Pattern) ?? [],
            Tools = List(fields.GetValueOrDefault("tools"), "tools", ToolNames.Objection),
            Network = Network(fields.GetValueOrDefault("network")),
            Agent = Name(fields.GetValueOrDefault("agent"), "agent"),
            Model = Name(fields.GetValueOrDefault("model"), "model"),
            BaseBranch = Name(fields.GetValueOrDefault("base"), "base"),
            ReviewRules = List(fields.GetValueOrDefault("review"), "review", _ => null) ?? [],
            Labels = List(fields.GetValueOrDefault("labels"), "labels", item => item.Length <= 50 ? null : "a label of at most 50 characters") ?? [],
        };
    }

    private PolicyCommand? Command(YamlNode? node, string name)
    {
        switch (node)
        {
            case null or YamlNode.Scalar { IsNull: true }:
                return null;
            case YamlNode.Mapping mapping:
                var fields = Entries(mapping, $"{name}.", ["run", "timeout"]);
                if (!fields.TryGetValue("run", out var run))
                {
                    Problem(mapping, $"{name}.run: expected a command, found none");
                    return null;
                }

                return Text(run, $"{name}.run", MaxScript) is { } script
                    ? new PolicyCommand(name, script, Duration(fields.GetValueOrDefault("timeout"), $"{name}.timeout"))
                    : null;
            case YamlNode.Scalar:
                return Text(node, name, MaxScript) is { } text ? new PolicyCommand(name, text, null) : null;
            default:
                Problem(node, $"{name}: expected a command, or 'run' and 'timeout', found {Kind(node)}");
                return null;
        }
    }

    private Dictionary<string, YamlNode> Entries(YamlNode.Mapping mapping, string prefix, IReadOnlyList<string> known)
    {
        var entries = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries)
        {
            if (!known.Contains(key.Text))
            {
                Problem(key, $"{prefix}{key.Text}: expected one of {string.Join(", ", known)}");
            }
            else if (!entries.TryAdd(key.Text, value))
            {
                Problem(key, $"{prefix}{key.Text}: expected once, found again");
            }
        }

        return entries;
    }

    private List<string>? List(YamlNode? node, string field, Func<string, string?> expectation)
    {
        if (node is null or YamlNode.Scalar { IsNull: true })
        {
            return null;
        }

        if (node is not YamlNode.Sequence { Items: var items } || items.Count > MaxItems)
        {
            Problem(node, $"{field}: expected a list of at most {MaxItems}, found {Kind(node)}");
            return null;
        }

        var texts = new List<string>();
        foreach (var (index, item) in items.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{field}[{index}]");
            if (Text(item, name, MaxText) is { } text)
            {
                texts.Add(text);
                if (expectation(text) is { } expected)
                {
                    Problem(item, $"{name}: expected {expected}, found '{text}'");
                }
            }
        }

        return texts;
    }

    private string? Text(YamlNode node, string field, int maxLength)
    {
        if (node is YamlNode.Scalar { IsNull: false, Text: { } text } && text.Trim() is { Length: > 0 } trimmed && text.Length <= maxLength && !text.Contains('\0', StringComparison.Ordinal))
        {
            return trimmed;
        }

        Problem(node, $"{field}: expected a text of 1 to {maxLength} characters, found {Kind(node)}");
        return null;
    }

    private string? Name(YamlNode? node, string field)
    {
        if (node is null or YamlNode.Scalar { IsNull: true } || Text(node, field, 200) is not { } text)
        {
            return null;
        }

        if (text.StartsWith('-') || text.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            Problem(node, $"{field}: expected a name without blanks, found '{text}'");
        }

        return text;
    }

    private bool? Flag(YamlNode? node, string field)
    {
        switch (node)
        {
            case null or YamlNode.Scalar { IsNull: true }:
                return null;
            case YamlNode.Scalar { IsPlain: true, Text: "true" or "false" } flag:
                return flag.Text == "true";
            default:
                Problem(node, $"{field}: expected true or false, found {Kind(node)}");
                return null;
        }
    }

    private NetworkAccess? Network(YamlNode? node)
    {
        if (node is null or YamlNode.Scalar { IsNull: true })
        {
            return null;
        }

        if (node is YamlNode.Scalar { Text: var text } && Enum.GetValues<NetworkAccess>().Where(access => Lower(access) == text).ToList() is [var found])
        {
            return found;
        }

        Problem(node, $"network: expected {string.Join(", ", Enum.GetValues<NetworkAccess>().Select(Lower))}, found {Kind(node)}");
        return null;
    }

    private TimeSpan? Duration(YamlNode? node, string field)
    {
        if (node is null or YamlNode.Scalar { IsNull: true })
        {
            return null;
        }

        if (node is YamlNode.Scalar { Text: var text } && Length().Match(text) is { Success: true } match)
        {
            var count = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var length = match.Groups[2].Value switch { "s" => TimeSpan.FromSeconds(count), "m" => TimeSpan.FromMinutes(count), _ => TimeSpan.FromHours(count) };
            if (length > TimeSpan.Zero && length <= TimeSpan.FromDays(1))
            {
                return length;
            }
        }

        Problem(node, $"{field}: expected a duration up to a day such as 90s, 10m or 1h, found {Kind(node)}");
        return null;
    }

    private static string? Pattern(string pattern) => PathPatterns.Objection(pattern);

    private static string Lower(NetworkAccess access) => access switch { NetworkAccess.None => "none", NetworkAccess.Setup => "setup", _ => "full" };

    private static string Kind(YamlNode node) => node switch
    {
        YamlNode.Scalar { IsNull: true } => "nothing",
        YamlNode.Scalar { Text: var text } => text.Length <= 60 ? $"'{text}'" : $"a text of {text.Length} characters",
        YamlNode.Sequence { Items.Count: var count } => $"a list of {count}",
        _ => "fields",
    };

    private void Problem(YamlNode node, string text) => _problems.Add(new PolicyProblem(node.Line, text));

    [GeneratedRegex(@"^([0-9]{1,6})([smh])\z")]
    private static partial Regex Length();

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,63}\z")]
    private static partial Regex Word();
}
