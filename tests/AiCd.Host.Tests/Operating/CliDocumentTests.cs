using AiCd.Host.Tests.Architecture;
using AiCd.Host.Tests.EndToEnd;

namespace AiCd.Host.Tests.Operating;

public sealed class CliDocumentTests
{
    [Fact]
    public async Task Every_command_has_its_place_in_the_document_and_no_other_has_one()
    {
        var document = await File.ReadAllLinesAsync(Path.Combine(ProjectFiles.FindRepository(), "docs", "cli.md"), TestContext.Current.CancellationToken);
        var described = document.Where(line => line.StartsWith("### aicd ", StringComparison.Ordinal)).Select(line => line["### aicd ".Length..]);

        described.ShouldBe(await CommandsAsync("aicd "), ignoreOrder: true);
    }

    [Fact]
    public async Task Every_command_of_db_is_in_its_table()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(ProjectFiles.FindRepository(), "docs", "cli.md"), TestContext.Current.CancellationToken);

        foreach (var command in await CommandsAsync("aicd db "))
        {
            document.ShouldContain($"| `aicd db {command}");
        }
    }

    private static async Task<IReadOnlyList<string>> CommandsAsync(string line) =>
        [.. (await Aicd.RunAsync($"[suggest:{line.Length}]", line)).EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(word => char.IsAsciiLetter(word[0]))];
}
