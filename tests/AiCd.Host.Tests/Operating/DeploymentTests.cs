using AiCd.Host.Tests.Architecture;
using AiCd.Host.Tests.EndToEnd;
using AiCd.Testing;
using YamlDotNet.RepresentationModel;

namespace AiCd.Host.Tests.Operating;

public sealed class DeploymentTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_settings_of_the_systemd_unit_are_settings()
    {
        var unit = await File.ReadAllLinesAsync(PathTo("deploy", "aicd.service"), Cancelled);
        var settings = unit.Where(line => line.StartsWith("Environment=", StringComparison.Ordinal)).Select(line => line["Environment=".Length..].Split('=', 2)).ToList();

        settings.ShouldNotBeEmpty();
        await ShouldBeSettingsAsync(settings.ToDictionary(setting => setting[0], setting => setting[1]));
    }

    [Fact]
    public async Task Systemd_understands_the_unit()
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            Assert.Skip("systemd is not installed");
        }

        using var folder = new TemporaryFolder();
        var unit = (await File.ReadAllTextAsync(PathTo("deploy", "aicd.service"), Cancelled)).Replace("/usr/local/bin/aicd", Aicd.Executable, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.Combine("aicd.service"), unit, Cancelled);

        var verified = await ProcessRunner.RunAsync("systemd-analyze", ["verify", folder.Combine("aicd.service")], Cancelled);

        verified.ExitCode.ShouldBe(0, verified.Errors);
        verified.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_settings_of_the_kubernetes_example_are_settings_and_its_parts_fit_together()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(await File.ReadAllTextAsync(PathTo("deploy", "kubernetes.yaml"), Cancelled)));
        var parts = yaml.Documents.Select(document => (YamlMappingNode)document.RootNode).ToDictionary(root => Text(root, "kind"));

        parts.Keys.ShouldBe(["Service", "ConfigMap", "StatefulSet"]);
        var container = (YamlMappingNode)((YamlSequenceNode)Node(parts["StatefulSet"], "spec", "template", "spec", "containers")).Single();
        var given = ((YamlMappingNode)Node(parts["ConfigMap"], "data")).ToDictionary(entry => entry.Key.ToString(), entry => entry.Value.ToString());
        foreach (var variable in ((YamlSequenceNode)Node(container, "env")).Cast<YamlMappingNode>())
        {
            given.Add(Text(variable, "name"), "aicd-0");
        }

        await ShouldBeSettingsAsync(given);
        Node(parts["Service"], "spec", "selector", "app").ToString().ShouldBe(Node(parts["StatefulSet"], "spec", "template", "metadata", "labels", "app").ToString());
        given["AiCd__Urls"].ShouldEndWith($":{Node(((YamlSequenceNode)Node(container, "ports")).Single(), "containerPort")}");
        var grace = TimeSpan.Parse(given["AiCd__StopGrace"], System.Globalization.CultureInfo.InvariantCulture);
        int.Parse(Node(parts["StatefulSet"], "spec", "template", "spec", "terminationGracePeriodSeconds").ToString(), System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeGreaterThan((int)grace.TotalSeconds);
        Node(container, "livenessProbe", "httpGet", "path").ToString().ShouldBe("/health/live");
        Node(container, "readinessProbe", "httpGet", "path").ToString().ShouldBe("/health/ready");
    }

    [Fact]
    public async Task The_settings_of_the_compose_file_are_settings_and_it_fits_the_image()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(await File.ReadAllTextAsync(PathTo("docker-compose.yaml"), Cancelled)));
        var root = yaml.Documents.ShouldHaveSingleItem().RootNode;
        var image = await File.ReadAllTextAsync(PathTo("Dockerfile"), Cancelled);

        var given = ((YamlMappingNode)Node(root, "x-node", "environment")).ToDictionary(entry => entry.Key.ToString(), entry => entry.Value.ToString());
        given["AiCd__Postgres"].ShouldStartWith("Host=postgres;Database=aicd;Username=aicd;Password=${");
        given.Remove("AiCd__Postgres");
        await ShouldBeSettingsAsync(given);

        var port = new Uri(given["AiCd__Urls"]).Port;
        var services = (YamlMappingNode)Node(root, "services");
        services.Children.Keys.Select(key => key.ToString()).ShouldBe(["postgres", "node1", "node2"]);
        var database = ((YamlMappingNode)Node(services, "postgres", "environment")).ToDictionary(entry => entry.Key.ToString(), entry => entry.Value.ToString());
        (database["POSTGRES_DB"], database["POSTGRES_USER"]).ShouldBe(("aicd", "aicd"));
        foreach (var node in (string[])["node1", "node2"])
        {
            Node(services, node, "<<").ShouldBeSameAs(Node(root, "x-node"));
            ((YamlSequenceNode)Node(services, node, "ports")).Single().ToString().ShouldEndWith($":{port}");
            ((YamlSequenceNode)Node(services, node, "volumes")).Single().ToString().ShouldBe($"{node}:/data");
        }

        image.ShouldContain($"EXPOSE {port}");
        image.ShouldContain("/health/");
        image.ShouldContain("AiCd__DataFolder=/data");
        image.ShouldContain("USER ");
    }

    /// <summary>The executable itself judges them: it refuses every key and value that it does not know.</summary>
    private static async Task ShouldBeSettingsAsync(Dictionary<string, string> variables)
    {
        using var folder = new TemporaryFolder();
        var setup = new Setup { Variables = variables.Where(variable => variable.Key != "AiCd__DataFolder").ToDictionary(variable => variable.Key, variable => (string?)variable.Value) };

        var listed = await Aicd.RunAsync(setup, "list", "--data", folder.Location);

        listed.ExitCode.ShouldBe(3);
        listed.Errors.ShouldContain("There is no store in");
        variables.Keys.ShouldAllBe(name => name.StartsWith("AiCd__", StringComparison.Ordinal));
    }

    private static string PathTo(params string[] parts) => Path.Combine([ProjectFiles.FindRepository(), .. parts]);

    private static string Text(YamlMappingNode node, string key) => node.Children[key].ToString();

    private static YamlNode Node(YamlNode node, params string[] path) => path.Aggregate(node, (at, key) => ((YamlMappingNode)at).Children[key]);
}
