using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;

namespace AiCd.Host.Tests.Operating;

/// <summary>Tenants and keys from the command line: in a store, at a server, and in the database of a cluster.</summary>
public sealed class AdministrationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tenants_and_keys_are_made_in_a_store_and_changed_at_the_server_that_serves_it()
    {
        using var bench = await Workbench.CreateAsync();
        string[] here = ["--data", bench.Data];
        var made = Parse(await Aicd.RunAsync(
            ["tenants", "create", "acme", "--repository", "https://github.com/acme/*", "--max-concurrent", "20", "--monthly-budget", "12.5", "--json", .. here]));
        made.GetProperty("maxConcurrentJobs").GetInt32().ShouldBe(20);
        made.GetProperty("monthlyBudget").GetDecimal().ShouldBe(12.5m);
        var again = await Aicd.RunAsync(["tenants", "create", "acme", .. here]);
        again.ExitCode.ShouldBe(1);
        again.Errors.ShouldContain("TENANT: There is a tenant acme already");

        var set = Parse(await Aicd.RunAsync(["tenants", "set", "acme", "--max-per-day", "200", "--max-concurrent", "none", "--json", .. here]));
        set.TryGetProperty("maxConcurrentJobs", out var concurrent).ShouldBe(concurrent.ValueKind == JsonValueKind.Null);
        set.GetProperty("maxJobsPerDay").GetInt32().ShouldBe(200);
        set.GetProperty("repositories")[0].GetString().ShouldBe("https://github.com/acme/*");

        var created = (await Aicd.RunAsync(["keys", "create", "ci", "--scope", "read,write", "--tenant", "acme", "--expires", "90d", .. here])).EnsureSuccess();
        var key = created.Output.TrimEnd('\n');
        key.ShouldMatch("^aicd_[0-9a-z]+_[^ \n]+$");
        created.Errors.ShouldContain($"Key {IdOf(key)} of tenant acme may read, write until ");
        created.Errors.ShouldNotContain(key);

        await using var server = await RunningServer.StartAsync(bench.Data);
        await server.ReadyAsync();
        (await StatusAsync(server, key)).ShouldBe(HttpStatusCode.OK);
        (await Aicd.RunAsync(server.Client, "tenants", "allow", "acme", "/srv/git/acme.git")).EnsureSuccess().Output.ShouldContain("/srv/git/acme.git");
        (await Aicd.RunAsync(["tenants", "disallow", "acme", "https://github.com/acme/*", .. here])).EnsureSuccess().Output.ShouldNotContain("github.com");
        (await Aicd.RunAsync(server.Client, "tenants", "list")).EnsureSuccess().Output.ShouldMatch("acme +active +200 +12.5 +1 +acme");

        (await Aicd.RunAsync(server.Client, "keys", "revoke", IdOf(key))).EnsureSuccess().Output.ShouldBe($"Key {IdOf(key)} is revoked\n");
        await Eventually.HoldsAsync(async () => await StatusAsync(server, key) == HttpStatusCode.Unauthorized, Cancelled);
        var keys = Parse(await Aicd.RunAsync(server.Client, "keys", "list", "--tenant", "acme", "--json"));
        keys.GetArrayLength().ShouldBe(1);
        keys[0].GetProperty("revokedAt").ValueKind.ShouldBe(JsonValueKind.String);
        await ShouldBeAuditedAsync(server);
    }

    [Fact]
    public async Task A_key_that_was_made_in_a_clusters_database_is_valid_at_its_nodes_until_it_is_revoked_there()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync(Cancelled);
        using var bench = await Workbench.CreateAsync(database);
        string[] here = ["--data", bench.Combine("here")];
        await using var node = await RunningServer.StartAsync(bench.Combine("node"), bench.Setup);
        await node.ReadyAsync();

        var key = (await Aicd.RunAsync(bench.Setup, ["keys", "create", "ops", "--scope", "read", "--scope", "operate", .. here])).EnsureSuccess().Output.TrimEnd('\n');
        (await StatusAsync(node, key)).ShouldBe(HttpStatusCode.OK);
        (await Aicd.RunAsync(bench.Setup, ["tenants", "suspend", "default", .. here])).EnsureSuccess().Output.ShouldContain("suspended");
        await Eventually.HoldsAsync(async () => await StatusAsync(node, key) == HttpStatusCode.Unauthorized, Cancelled);
        (await Aicd.RunAsync(bench.Setup, ["tenants", "resume", "default", .. here])).EnsureSuccess();
        await Eventually.HoldsAsync(async () => await StatusAsync(node, key) == HttpStatusCode.OK, Cancelled);
        (await Aicd.RunAsync(bench.Setup, ["keys", "revoke", IdOf(key), .. here])).EnsureSuccess();

        await Eventually.HoldsAsync(async () => await StatusAsync(node, key) == HttpStatusCode.Unauthorized, Cancelled);
    }

    [Fact]
    public async Task What_is_not_expected_is_named_with_its_option_and_keys_are_never_repeated()
    {
        using var bench = await Workbench.CreateAsync();
        const string Whole = "aicd_0123456789ab_hunter2hunter2";
        foreach (var (arguments, expected) in ((string[] Arguments, string Expected)[])
            [
                (["keys", "create", "ci", "--scope", "everything"], "--scope: expected read, write, operate or admin, got 'everything'"),
                (["keys", "create", "ci", "--scope", "read", "--expires", "soon"], "--expires: expected a time such as 2030-01-31, or days such as 90d, got 'soon'"),
                (["keys", "create", "ci", "--scope", "read", "--expires", "2020-01-01"], "--expires: expected a time that is still to come"),
                (["keys", "create", "ci", "--scope", "read", "--tenant", "nobody"], "There is no such tenant"),
                (["keys", "revoke", Whole], "KEY: expected the key's id"),
                (["keys", "revoke", "0123456789ab"], "There is no such valid key"),
                (["tenants", "create", "No Spaces"], "TENANT: expected 1 to 40 lower-case letters, digits and hyphens"),
                (["tenants", "set", "default"], "Expected one or more of --name"),
                (["tenants", "set", "default", "--max-per-day", "-1"], "--max-per-day: expected a whole number or none, got '-1'"),
                (["tenants", "disallow", "default", "/nowhere"], "ADDRESS: expected one of *, got '/nowhere'"),
                (["tenants", "show", "nobody"], "Tenant nobody: There is no such tenant"),
            ])
        {
            var refused = await Aicd.RunAsync([.. arguments, "--data", bench.Data]);

            refused.ExitCode.ShouldBe(2, refused.Errors);
            refused.Errors.ShouldContain(expected);
            refused.Errors.ShouldNotContain("hunter2");
            refused.Output.ShouldBeEmpty();
        }
    }

    private static async Task ShouldBeAuditedAsync(RunningServer server)
    {
        using var client = ClientOf(server, server.Client.Variables["AICD_API_KEY"]!);
        using var audit = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/v1/audit", UriKind.Relative), Cancelled));
        var entries = audit.RootElement.GetProperty("items").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("what").GetString()} {entry.GetProperty("target").GetString()} by {entry.GetProperty("who").GetString()}").ToList();
        entries.ShouldContain($"tenant.add acme by {Environment.UserName}");
        entries.ShouldContain($"key.add ci by {Environment.UserName}");
        entries.ShouldContain(entry => entry.StartsWith("key.revoke ", StringComparison.Ordinal) && entry.EndsWith(" by key:local", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningServer server, string key)
    {
        using var client = ClientOf(server, key);
        using var response = await client.GetAsync(new Uri("/api/v1/jobs", UriKind.Relative), Cancelled);
        return response.StatusCode;
    }

    private static HttpClient ClientOf(RunningServer server, string key)
    {
        var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static string IdOf(string key) => key.Split('_')[1];

    private static JsonElement Parse(ProcessResult result) => JsonDocument.Parse(result.EnsureSuccess().Output).RootElement;
}
