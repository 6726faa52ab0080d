using System.Text;
using AiCd.Testing;

namespace AiCd.Host.Tests.EndToEnd;

/// <summary>A repository with two hundred commits, shared by the tests that only add to it.</summary>
public sealed class LargeRepository : IAsyncLifetime
{
    public const int Commits = 200;

    public GitRepository Repository { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        Repository = await GitRepository.InitAsync(cancellationToken);
        var import = ProcessRunner.Command("git", ["fast-import", "--quiet"], GitRepository.Environment, Repository.Location);
        (await ProcessRunner.RunAsync(import, History(), cancellationToken)).EnsureSuccess();
        await Repository.GitAsync(["reset", "--quiet", "--hard", "main"], cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Repository.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string History()
    {
        var stream = new StringBuilder();
        for (var i = 1; i <= Commits; i++)
        {
            var text = $"Module {i}, revision {i}.\n";
            var readme = $"# Large\n\nHas {i} modules. Größe: {i} µm.\n";
            stream.Append($"commit refs/heads/main\ncommitter Test Author <author@example.com> {1_900_000_000 + (i * 60)} +0000\n");
            stream.Append($"data <<END\nAdd module {i}\nEND\n");
            stream.Append($"M 100644 inline src/group{i % 10}/module{i}.txt\ndata {Encoding.UTF8.GetByteCount(text)}\n{text}\n");
            stream.Append($"M 100644 inline README.md\ndata {Encoding.UTF8.GetByteCount(readme)}\n{readme}\n");
        }

        return stream.ToString();
    }
}
