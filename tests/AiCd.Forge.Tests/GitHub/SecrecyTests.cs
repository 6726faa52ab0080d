using System.Text;

namespace AiCd.Forge.Tests.GitHub;

public sealed class SecrecyTests : GitHubFixture
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_token_is_in_arguments_logs_or_files(bool asApp)
    {
        var node = asApp ? App() : WithToken();
        using var stop = new CancellationTokenSource();
        var sampling = Task.Run(() => SampleAsync(stop.Token), Cancel);

        for (var i = 0; i < 3; i++)
        {
            await node.OpenAsync(Repository, NewJob());
        }

        await stop.CancelAsync();
        var arguments = await sampling;
        string[] secrets = [.. GitHub.InstallationTokens.Select(token => token.Value), .. GitHub.PersonalTokens.Keys, GitHub.App.PrivateKeyPem.Split('\n')[1]];
        secrets = [.. secrets, .. secrets.Select(secret => Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{secret}")))];
        arguments.ShouldContain(line => line.Contains("push", StringComparison.Ordinal), "the samples must have seen git at work");
        Expose(secrets, arguments).ShouldBeEmpty();
        Expose(secrets, node.Log.All).ShouldBeEmpty();
        Expose(secrets, Directory.EnumerateFiles(node.DataFolder, "*", SearchOption.AllDirectories).Select(File.ReadAllText)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_token_is_sent_to_no_other_host()
    {
        var node = WithToken();
        var (draft, bundle) = await node.CommitAsync(Repository, NewJob());
        await using var other = await Testing.GitHub.FakeGitHub.StartAsync();
        GitHub.Plan(
            request => !request.IsGit, new Testing.GitHub.Fault.Answer(301, "Moved", new Dictionary<string, string> { ["Location"] = $"{other.ApiUrl}/repos/acme/app" }), times: 10);

        await Should.ThrowAsync<AiCd.Actors.Ports.StageException>(() => node.Forge.PushAsync(draft, _ => Task.FromResult(bundle), Cancel));

        other.Requests.ShouldBeEmpty();
    }

    private static IEnumerable<string> Expose(string[] secrets, IEnumerable<string> texts) =>
        texts.Where(text => secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)));

    private static async Task<List<string>> SampleAsync(CancellationToken stop)
    {
        var seen = new HashSet<string>();
        while (!stop.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
            {
                try
                {
                    seen.Add(await File.ReadAllTextAsync(Path.Combine(process, "cmdline"), CancellationToken.None));
                }
                catch (IOException)
                {
                    // It has ended meanwhile.
                }
            }
        }

        return [.. seen];
    }
}
