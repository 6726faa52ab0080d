using System.Text.RegularExpressions;
using AiCd.Host.Tests.Architecture;

namespace AiCd.Host.Tests.Operating;

/// <summary>The commands that README and docs tell people to type.</summary>
internal static partial class DocumentedCommands
{
    /// <summary>Why a command is not run by the tests. A command that begins so, after variables that it sets, is left out; the list is for people to review.</summary>
    public static IReadOnlyDictionary<string, string> LeftOut { get; } = new Dictionary<string, string>
    {
        ["dotnet run --project src/AiCd.Host -- demo"] = "builds the repository; `aicd demo` is run",
        ["dotnet build"] = "builds what the tests are made of",
        ["dotnet run -c Release --project bench"] = "measures for minutes",
        ["dotnet pack"] = "builds the repository anew",
        ["dotnet publish"] = "builds the repository anew",
        ["dotnet tool install"] = "needs the package of `dotnet pack`",
        ["docker"] = "needs a container engine",
        ["kubectl"] = "needs a Kubernetes cluster",
        ["scripts/test.sh"] = "runs the tests themselves",
        ["sudo"] = "changes the machine",
        ["systemctl"] = "changes the machine",
        ["pg_dump"] = "needs a cluster's database",
        ["sqlite3"] = "is another project's program",
        ["export"] = "sets variables for what follows",
        ["aicd serve"] = "runs until it is stopped; ServeTests and ClusterTests run it",
        ["aicd mcp"] = "talks to an editor; McpTests run it",
        ["aicd tail"] = "runs until it is stopped; InstallationTests run it",
        ["aicd db copy --from sqlite --to postgres"] = "needs a cluster's database; CopyTests run it",
        ["aicd db restore"] = "needs the backup of the line before; BackupTests run it",
        ["aicd db check --data ./restored"] = "needs what the line before restored; CheckTests run it",
        ["aicd drain"] = "needs a cluster; InstallationTests run it",
        ["aicd undrain"] = "needs a cluster; InstallationTests run it",
        ["aicd rebalance"] = "needs a cluster; InstallationTests run it",
        ["aicd run --agent anthropic"] = "needs an account; ModelAgentRunTests run it against a local server",
        ["aicd run --agent openai"] = "needs an account; ModelAgentRunTests run it against a local server",
        ["aicd run --repo ~/src/app --issue issue.md --agent anthropic"] = "needs an account; ModelAgentRunTests run it against a local server",
        ["aicd run --repo . --issue issue.md --agent openai"] = "needs a model; ModelAgentRunTests run it against a local server",
        ["aicd run --repo . --issue issue.md --agent anthropic"] = "needs an account; ModelAgentRunTests run it against a local server",
        ["aicd run --repo . --issue issue.md --agent command"] = "needs a coding agent; CommandAgentTests run it",
        ["aicd demo --agent anthropic"] = "runs for seconds; DemoTests run it",
        ["aicd run --repo /tmp/pages/repository"] = "needs the sample of the line before; SampleTests run it",
        ["aicd run --repo acme/app"] = "needs GitHub; GitHubTests run it against a local server",
        ["aicd submit --repo owner/app"] = "needs GitHub; GitHubTests run it against a local server",
        ["aicd run --repo ~/src/app --base develop"] = "needs a branch of that name; RunTests run it",
        ["aicd run --repo /srv/repositories/app.git"] = "is part of a cluster; ClusterTests run it",
        ["aicd run --resume"] = "needs a job that was interrupted; KillTests run it",
        ["aicd completion fish"] = "writes into the home folder; CompletionTests run it",
        ["curl --fail http://127.0.0.1:508"] = "is part of a cluster; ClusterTests ask for the same",
        ["curl -sN"] = "streams until it is stopped; StreamTests read it",
        ["aicd tenants create"] = "needs a tenant that is not there yet; AdministrationTests make one",
        ["aicd keys revoke"] = "needs the id of a key; AdministrationTests revoke one",
        ["aicd deadletters redrive"] = "needs a dead letter; OperationsTests redrive each kind",
        ["aicd fork 01k9z3m7c --at 4 --agent command"] = "needs a coding agent; StoredControlTests fork with others",
        ["aicd diff 01k9z3m7c | git apply --check"] = "needs the tree as it was before; InspectionTests apply it",
        ["ollama"] = "is another project's program",
        ["git"] = "is another project's program",
    };

    public static IReadOnlyList<DocumentedCommand> All()
    {
        var repository = ProjectFiles.FindRepository();
        var files = Directory.EnumerateFiles(Path.Combine(repository, "docs"), "*.md").Append(Path.Combine(repository, "README.md"));
        return [.. files.Order().SelectMany(file => In(Path.GetRelativePath(repository, file), File.ReadAllLines(file)))];
    }

    private static IEnumerable<DocumentedCommand> In(string file, string[] lines)
    {
        var fenced = false;
        foreach (var (i, line) in lines.Index())
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
            }
            else if ((fenced || line.StartsWith("    ", StringComparison.Ordinal)) && Command().Match(line) is { Success: true } match)
            {
                yield return new DocumentedCommand($"{file}:{i + 1}", Comment().Replace(match.Groups["command"].Value, "").Trim());
            }
        }
    }

    [GeneratedRegex(@"^\s*(\$ )?(?<command>([A-Za-z_]+=('[^']*'|""[^""]*""|\S+) )*(aicd|dotnet|curl|docker|sudo|export|scripts/\S+|kubectl|systemctl|git|pg_dump|psql|sqlite3|ollama)( .*)?)$")]
    private static partial Regex Command();

    [GeneratedRegex("  +#.*$")]
    private static partial Regex Comment();
}

/// <param name="Place">File and line.</param>
internal sealed partial record DocumentedCommand(string Place, string Text)
{
    private string WithoutVariables => Variables().Replace(Text, "");

    /// <summary>Why it is not run here, or null.</summary>
    public string? LeftOut => DocumentedCommands.LeftOut.FirstOrDefault(left => WithoutVariables.StartsWith(left.Key, StringComparison.Ordinal)).Value
        ?? (IsRequest && (Text.Contains('<', StringComparison.Ordinal) || Text.Contains("APPROVAL", StringComparison.Ordinal) || Text.EndsWith("'{", StringComparison.Ordinal)
            || Text.Contains("\"priority\":101", StringComparison.Ordinal) || Text.Contains("/srv/git", StringComparison.Ordinal))
                ? "a request with something to be filled in, or over several lines; OpenApiTests make all requests"
                : null);

    public bool IsRequest => Text.StartsWith("curl ", StringComparison.Ordinal);

    /// <summary>True for a command that wants a data folder for itself.</summary>
    public bool NeedsFolder => WithoutVariables.StartsWith("aicd run", StringComparison.Ordinal) || WithoutVariables.StartsWith("aicd db", StringComparison.Ordinal)
        || WithoutVariables.StartsWith("aicd budget", StringComparison.Ordinal);

    public override string ToString() => $"{Place}: {Text}";

    [GeneratedRegex(@"^([A-Za-z_]+=('[^']*'|""[^""]*""|\S+) )+")]
    private static partial Regex Variables();
}
