using System.CommandLine;
using AiCd.Host.CommandLine;
using AiCd.Host.Output;
using AiCd.Web.Administration;

namespace AiCd.Host.Commands.Administering;

/// <summary><c>aicd tenants</c>: who shares the installation, into which repositories, and how much.</summary>
internal static class TenantsCommand
{
    private static readonly Argument<string> Tenant = new("TENANT") { Description = "The tenant's id: 1 to 40 lower-case letters, digits and hyphens" };

    private static readonly Argument<string[]> Repositories = new("ADDRESS")
    {
        Description = "A repository, or all that begin so where it ends in *",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Create(Screen screen) => new Command("tenants", "Look at and change tenants: their repositories and quotas")
    {
        AdministrationAccess.Create(screen, "list", "All tenants", [], async (administration, _, interrupted) =>
        {
            var tenants = await administration.TenantsAsync(interrupted);
            return (tenants, () => TenantText.Write(tenants));
        }).WithExamples("aicd tenants list", "aicd tenants list --json"),
        One(screen, "show", "A tenant in full", [], (administration, tenant, _, interrupted) => administration.TenantAsync(tenant, interrupted))
            .WithExamples("aicd tenants show acme"),
        One(screen, "create", "Make a tenant; without repositories it can submit nothing", TenantChanges.Options,
                (administration, tenant, arguments, interrupted) => administration.AddTenantAsync(TenantChanges.New(tenant, arguments), interrupted))
            .WithExamples("aicd tenants create acme --repository 'https://github.com/acme/*' --max-concurrent 20 --monthly-budget 500"),
        Change(screen, "set", "Change a tenant's name, repositories, installations or quotas; what is left out stays", TenantChanges.Options, TenantChanges.Of)
            .WithExamples("aicd tenants set acme --max-per-day 200", "aicd tenants set acme --monthly-budget none"),
        Change(screen, "allow", "Allow a tenant more repositories", [Repositories],
                (old, arguments) => TenantChanges.Same(old) with { Repositories = [.. old.Repositories.Union(arguments.GetValue(Repositories)!)] })
            .WithExamples("aicd tenants allow acme 'https://github.com/acme/*' /srv/git/acme.git"),
        Change(screen, "disallow", "Take repositories from a tenant; jobs that are under way go on", [Repositories], Disallowed)
            .WithExamples("aicd tenants disallow acme /srv/git/acme.git"),
        Change(screen, "suspend", "Let a tenant's keys be valid nowhere, after at most five seconds", [], (old, _) => TenantChanges.Same(old) with { Suspended = true })
            .WithExamples("aicd tenants suspend acme"),
        Change(screen, "resume", "Let a suspended tenant's keys be valid again", [], (old, _) => TenantChanges.Same(old) with { Suspended = false })
            .WithExamples("aicd tenants resume acme"),
    }.WithExamples("aicd tenants list", "aicd tenants create acme --repository 'https://github.com/acme/*'", "aicd tenants set acme --max-concurrent 20");

    private static TenantRequest Disallowed(TenantDetails old, ParseResult arguments)
    {
        var repositories = arguments.GetValue(Repositories)!;
        return repositories.FirstOrDefault(repository => !old.Repositories.Contains(repository)) is { } unknown
            ? throw CommandException.BadInput($"ADDRESS: expected one of {string.Join(", ", old.Repositories)}, got '{unknown}'")
            : TenantChanges.Same(old) with { Repositories = [.. old.Repositories.Except(repositories)] };
    }

    private static Command Change(Screen screen, string name, string description, Symbol[] symbols, Func<TenantDetails, ParseResult, TenantRequest> change) =>
        One(screen, name, description, symbols, async (administration, tenant, arguments, interrupted) =>
            await administration.UpdateTenantAsync(tenant, change(await administration.TenantAsync(tenant, interrupted), arguments), interrupted));

    private static Command One(
        Screen screen, string name, string description, Symbol[] symbols, Func<IAdministration, string, ParseResult, CancellationToken, Task<TenantDetails>> run) =>
        AdministrationAccess.Create(screen, name, description, [Tenant, .. symbols], async (administration, arguments, interrupted) =>
        {
            var tenant = await run(administration, arguments.GetValue(Tenant)!, arguments, interrupted);
            return (tenant, () => TenantText.Write(tenant));
        });
}
