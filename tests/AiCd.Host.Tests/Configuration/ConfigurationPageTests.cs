using System.Text;
using System.Text.RegularExpressions;
using AiCd.Host.Tests.Architecture;

namespace AiCd.Host.Tests.Configuration;

/// <summary>docs/configuration.md against the settings classes. Run with AICD_WRITE_DOCS=1, the test writes the tables instead.</summary>
public sealed partial class ConfigurationPageTests
{
    private const string Begin = "<!-- keys: made from the settings classes, see ConfigurationPageTests -->";
    private const string End = "<!-- end of keys -->";

    private static readonly IReadOnlyList<SettingDescription> Settings = SettingDescription.All();

    private static string Page => Path.Combine(ProjectFiles.FindRepository(), "docs", "configuration.md");

    [Fact]
    public void Every_key_of_the_program_is_on_the_page_as_it_is_and_no_other()
    {
        var (before, after) = Around(File.ReadAllText(Page));
        var expected = $"{before}{Begin}\n{Tables()}\n{End}{after}";
        if (Environment.GetEnvironmentVariable("AICD_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Page, expected);
        }

        var (actual, wanted) = (File.ReadAllLines(Page), expected.Split('\n'));
        actual.Except(wanted).ShouldBeEmpty("lines of the page that the settings classes do not have; AICD_WRITE_DOCS=1 writes them anew");
        wanted.Except(actual).ShouldBeEmpty("what the settings classes have and the page does not; AICD_WRITE_DOCS=1 writes it");
    }

    [Fact]
    public void Every_key_says_what_it_means() =>
        Settings.Where(setting => setting.Meaning.Length == 0).Select(setting => setting.Key).ShouldBeEmpty("keys whose property has no summary");

    [Theory]
    [InlineData("docker-compose.yaml")]
    [InlineData("Dockerfile")]
    [InlineData(".env.example")]
    [InlineData("docs/operations.md")]
    [InlineData("README.md")]
    public void Every_variable_that_a_file_of_the_repository_sets_is_read_by_the_program(string file)
    {
        var known = Settings.Select(setting => KnownAs(setting.Variable)).ToList();

        var set = Variables().Matches(File.ReadAllText(Path.Combine(ProjectFiles.FindRepository(), file))).Select(match => match.Value).Distinct();

        set.Where(name => !known.Any(pattern => pattern.IsMatch(name))).ShouldBeEmpty();
    }

    [Fact]
    public void The_compose_file_lets_a_node_stop_in_good_order()
    {
        var compose = File.ReadAllText(Path.Combine(ProjectFiles.FindRepository(), "docker-compose.yaml"));
        var node = compose[compose.IndexOf("x-node:", StringComparison.Ordinal)..compose.IndexOf("services:", StringComparison.Ordinal)];
        var grace = TimeSpan.FromSeconds(int.Parse(GracePeriod().Match(node).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));

        grace.ShouldBeGreaterThanOrEqualTo(new Actors.Runtime.EngineOptions().StopGrace + Serving.Server.TimeToWindUp);
    }

    private static (string Before, string After) Around(string page)
    {
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        begin.ShouldBeGreaterThan(0);
        end.ShouldBeGreaterThan(begin);
        return (page[..begin], page[(end + End.Length)..]);
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (var section in Settings.GroupBy(setting => setting.Key[..Parent(setting.Key)]))
        {
            text.Append($"\n### `{section.Key}`\n\n| Key | Environment | Type | Default | Accepts | Meaning |\n|---|---|---|---|---|---|\n");
            foreach (var setting in section)
            {
                text.Append($"| `{setting.Key}` | `{setting.Variable}` | {setting.Type} | {setting.Default} | {Cell(setting.Accepts)} | {setting.Meaning} |\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Where the last name of a key begins, names in angle brackets apart.</summary>
    private static int Parent(string key) => key.Split(":<")[0].LastIndexOf(':');

    private static Regex KnownAs(string variable) => new($"^{Placeholder().Replace(Regex.Escape(variable), "[A-Za-z0-9_-]+")}$");

    [GeneratedRegex(@"AiCd__[A-Za-z0-9_]+")]
    private static partial Regex Variables();

    [GeneratedRegex("<.+?>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"stop_grace_period: (\d+)s")]
    private static partial Regex GracePeriod();
}
