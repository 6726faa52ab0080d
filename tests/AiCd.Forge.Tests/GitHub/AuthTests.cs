using AiCd.Actors.Ports;
using AiCd.Forge.GitHub;
using AiCd.Forge.GitHub.Api;
using AiCd.Forge.GitHub.Auth;
using AiCd.Testing;
using AiCd.Testing.GitHub;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiCd.Forge.Tests.GitHub;

public sealed class AuthTests : GitHubFixture
{
    private static readonly RepositoryName Name = new("acme", "app");

    [Fact]
    public async Task A_token_is_narrowed_to_the_repository_and_to_what_it_is_for()
    {
        var node = App();
        await node.OpenAsync(Repository, NewJob());

        var tokens = GitHub.InstallationTokens;
        tokens.ShouldAllBe(token => token.Repositories.Single() == Repository);
        tokens.Select(token => string.Join(' ', token.Permissions.Select(pair => $"{pair.Key}:{pair.Value}").Order())).ShouldBe(
            [
                "metadata:read",
                "contents:read metadata:read",
                "contents:write metadata:read",
                "checks:write contents:read issues:write metadata:read pull_requests:write",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_token_is_kept_for_its_hour_and_replaced_before_it_ends()
    {
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gitHub = await FakeGitHub.StartAsync(clock);
        var repository = await gitHub.AddRepositoryAsync("acme", "app");
        gitHub.Install(repository);
        using var node = new GitHubNode(gitHub, Store, clock, GitHubNode.AsApp(gitHub));
        var access = await node.Get<GitHubAccesses>().ForAsync(Name, TokenUse.Work, Cancel);

        var first = (await access.HeaderAsync(false, Cancel))!.Parameter;
        clock.Advance(TimeSpan.FromMinutes(49));
        var second = (await access.HeaderAsync(false, Cancel))!.Parameter;
        clock.Advance(TimeSpan.FromMinutes(2));
        var third = (await access.HeaderAsync(false, Cancel))!.Parameter;

        second.ShouldBe(first);
        third.ShouldNotBe(first);
        gitHub.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_that_is_refused_is_replaced_and_the_request_sent_again()
    {
        var issue = GitHub.AddIssue(Repository, "One", "", Person);
        var node = App();
        var access = await node.Get<GitHubAccesses>().ForAsync(Name, TokenUse.Work, Cancel);
        await node.Get<IssueApi>().CommentAsync(access, Name, issue.Number, "One", Cancel);
        GitHub.InstallationTokens.Clear();

        await node.Get<IssueApi>().CommentAsync(access, Name, issue.Number, "Two", Cancel);

        issue.Comments.Select(comment => comment.Body).ShouldBe(["One", "Two"]);
    }

    [Fact]
    public async Task Many_at_once_share_one_new_token()
    {
        var node = App();
        var access = await node.Get<GitHubAccesses>().ForAsync(Name, TokenUse.Work, Cancel);

        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => access.HeaderAsync(false, Cancel))));

        tokens.Select(token => token!.Parameter).Distinct().Count().ShouldBe(1);
        GitHub.InstallationTokens.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_key_is_a_matter_of_credentials()
    {
        using var other = new FakeApp();
        var node = Node([("ClientId", GitHub.App.ClientId), ("PrivateKey", other.PrivateKeyPem)]);

        var refusal = await Should.ThrowAsync<StageException>(() => node.Workspaces.ResolveAsync("default", "acme/app", null, Cancel));

        refusal.Kind.ShouldBe(FaultKind.Credentials);
    }

    [Fact]
    public async Task A_stranger_may_read_what_is_public()
    {
        var node = Node([]);

        (await node.Workspaces.ResolveAsync("default", $"{GitHub.WebUrl}acme/app", null, Cancel)).BaseBranch.ShouldBe("main");
    }

    [Fact]
    public async Task The_customary_variables_stand_in_for_keys_without_a_value()
    {
        using var folder = new TemporaryFolder();
        var pem = folder.Combine("key.pem");
        await File.WriteAllTextAsync(pem, GitHub.App.PrivateKeyPem, Cancel);
        var node = Node([("ApiUrl", "")]);
        var values = new Dictionary<string, string?>
        {
            ["GITHUB_API_URL"] = "https://ghe.example/api/v3",
            ["GITHUB_TOKEN"] = "ghp_1",
            ["GITHUB_APP_CLIENT_ID"] = "Iv1",
            ["GITHUB_APP_PRIVATE_KEY_PATH"] = pem,
            ["GITHUB_WEBHOOK_SECRET"] = "s",
        };
        var options = new GitHubOptions();

        new GitHubVariables(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).PostConfigure(null, options);

        (options.ApiUrl, options.Token, options.ClientId, options.PrivateKeyPath, options.WebhookSecret).ShouldBe(("https://ghe.example/api/v3", "ghp_1", "Iv1", pem, "s"));
        new GitHubOptionsValidator().Validate(null, options).Succeeded.ShouldBeTrue();
        new GitHubHost(options).WebUrl.AbsoluteUri.ShouldBe("https://ghe.example/");
        node.Get<GitHubOptions>().ApiUrl.ShouldBe("https://api.github.com");
    }

    [Theory]
    [InlineData("https://api.github.com", "https://github.com/")]
    [InlineData("https://ghe.example/api/v3/", "https://ghe.example/")]
    [InlineData("https://api.acme.ghe.com", "https://acme.ghe.com/")]
    public void The_address_of_the_api_tells_that_of_the_pages(string api, string web) =>
        new GitHubHost(new GitHubOptions { ApiUrl = api }).WebUrl.AbsoluteUri.ShouldBe(web);

    [Theory]
    [InlineData("ApiUrl", "http://api.github.com")]
    [InlineData("ApiUrl", "nonsense")]
    [InlineData("Token", "a b")]
    [InlineData("ClientId", "Iv1")]
    [InlineData("PrivateKeyPath", "/nowhere.pem")]
    [InlineData("PrivateKey", "no key")]
    [InlineData("CaFile", "/nowhere.pem")]
    [InlineData("Label", "")]
    [InlineData("Label", "a,b")]
    [InlineData("Repositories:0", "app")]
    [InlineData("Tenants:0", "acme=1")]
    [InlineData("PollInterval", "00:00:00")]
    [InlineData("Timeout", "1.00:00:00")]
    [InlineData("ContentPerHour", "-1")]
    public void A_wrong_setting_is_named_with_what_was_expected(string key, string value)
    {
        var node = Node([(key, value)]);

        var refused = Should.Throw<OptionsValidationException>(() => node.Get<GitHubOptions>());

        refused.Failures.ShouldContain(failure => failure.Contains("AiCd:GitHub:", StringComparison.Ordinal) && failure.Contains("expected", StringComparison.Ordinal));
        if (key is "Token" or "PrivateKey")
        {
            refused.Message.ShouldNotContain($"'{value}'");
        }
    }
}
