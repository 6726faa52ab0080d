using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Forge.GitHub;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Forge.Tests.GitHub;

/// <summary>The installation decides the tenant, whoever gave it to that one.</summary>
public sealed class TenantTests : GitHubFixture
{
    private GitHubNode Administered(Administration administration, params (string, string)[] settings) => Node(
        [.. GitHubNode.AsApp(GitHub), .. settings],
        services => services.AddSingleton<IInstallationTenants>(administration).AddSingleton<ITenantRules>(administration));

    [Fact]
    public async Task An_installation_is_its_tenants_and_of_no_other_and_the_settings_come_first()
    {
        var node = Administered(new Administration { [Installation.Id] = "acme" });

        (await node.Get<Installations>().TenantOfAsync(Installation.Id, Cancel)).ShouldBe("acme");
        (await node.Get<Installations>().TenantOfAsync(99, Cancel)).ShouldBeNull();
        (await node.Get<Installations>().TenantsAsync(Cancel)).ShouldBe(["acme"]);
        (await node.Workspaces.ResolveAsync("acme", "acme/app", null, Cancel)).BaseBranch.ShouldBe("main");
        (await Should.ThrowAsync<StageException>(() => node.Workspaces.ResolveAsync("default", "acme/app", null, Cancel))).Code.ShouldBe("repository_not_allowed");
        var settled = Administered(new Administration { [Installation.Id] = "acme" }, ("Tenants:0", $"{Installation.Id}=umbra"));
        (await settled.Get<Installations>().TenantOfAsync(Installation.Id, Cancel)).ShouldBe("umbra");
    }

    [Fact]
    public async Task What_a_tenant_may_not_have_is_not_made_by_a_label_either()
    {
        await using var engine = await EngineNode.StartAsync(
            Store, NoWork.Instance, new EngineOptions(), recover: false, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<EngineNode>.Instance, Cancel);
        var issue = GitHub.AddIssue(Repository, "Wanted", "", Person);
        GitHub.Label(issue, "aicd", Person);
        var administration = new Administration { [Installation.Id] = "acme" };
        var triggers = Administered(administration).Get<IIssueTriggers>();
        var told = new IssueTrigger("acme", "acme/app", issue.Number);

        administration.Objection = "The tenant may have 1 unfinished jobs";
        (await triggers.TriggerAsync(engine.Gateway, told, Cancel)).ShouldBe(new TriggerResult(null, Created: false, administration.Objection));
        administration.Objection = null;
        (await triggers.TriggerAsync(engine.Gateway, told, Cancel)).Created.ShouldBeTrue();
        administration.Asked.ShouldBe(("acme", $"{GitHub.WebUrl}acme/app", false));
    }
}
