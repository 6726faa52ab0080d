using AiCd.Actors.Journal;
using AiCd.Host.Client;
using AiCd.Host.CommandLine;
using AiCd.Host.Composition;
using AiCd.Host.Configuration;
using AiCd.Web.Access;
using AiCd.Web.Administration;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using Microsoft.Extensions.Logging;

namespace AiCd.Host.Commands.Administering;

/// <summary>
/// The web's tables without a web: whoever may open the store may administer it. What is done stands in the audit log, by the user of
/// this machine; nodes that share the store heed it after at most five seconds.
/// </summary>
internal sealed class StoredAdministration : IAdministration
{
    private readonly CommandScope _scope;
    private readonly IWebStore _store;
    private readonly Installation _installation;
    private readonly LocalUser _user = new(Environment.UserName);

    /// <param name="scope">Owned by the administration.</param>
    /// <param name="store">The same.</param>
    private StoredAdministration(CommandScope scope, IWebStore store)
    {
        (_scope, _store) = (scope, store);
        var time = scope.Get<TimeProvider>();
        _installation = new Installation(store, new Keys(store, new KeyRing(store, time, scope.Get<ILogger<KeyRing>>()), time), time);
    }

    /// <param name="scope">Owned by the administration, once there is one.</param>
    public static async Task<StoredAdministration> OpenAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        IStore jobs = await scope.Get<StoreOpener>().OpenForTablesAsync(cancellationToken);
        return new StoredAdministration(scope, await WebStoreOpener.OpenAsync(
            jobs, scope.Get<HostSettings>().DataFolder, scope.Get<TimeProvider>(), scope.Get<ILogger<StoredAdministration>>(), cancellationToken));
    }

    public Task<IReadOnlyList<TenantDetails>> TenantsAsync(CancellationToken cancellationToken) => _installation.TenantsAsync(cancellationToken);

    public Task<TenantDetails> TenantAsync(string tenant, CancellationToken cancellationToken) =>
        AskAsync($"Tenant {tenant}", () => _installation.TenantAsync(tenant, cancellationToken));

    public Task<TenantDetails> AddTenantAsync(NewTenantRequest request, CancellationToken cancellationToken) =>
        DoAsync("tenant.add", request.Id, $"Tenant {request.Id}", () => _installation.AddTenantAsync(request, cancellationToken));

    public Task<TenantDetails> UpdateTenantAsync(string tenant, TenantRequest request, CancellationToken cancellationToken) =>
        DoAsync("tenant.update", tenant, $"Tenant {tenant}", () => _installation.UpdateTenantAsync(tenant, request, cancellationToken));

    public Task<IReadOnlyList<KeyDetails>> KeysAsync(string? tenant, CancellationToken cancellationToken) => _installation.KeysAsync(tenant, cancellationToken);

    public Task<NewKey> AddKeyAsync(NewKeyRequest request, CancellationToken cancellationToken) =>
        DoAsync("key.add", request.Name, $"Key {request.Name}", () => _installation.AddKeyAsync(request, _user, cancellationToken));

    public Task RevokeKeyAsync(string key, CancellationToken cancellationToken) => DoAsync("key.revoke", key, $"Key {key}", async () =>
    {
        await _installation.RevokeKeyAsync(key, cancellationToken);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _scope.DisposeAsync();
    }

    private async Task<T> DoAsync<T>(string action, string target, string what, Func<Task<T>> act)
    {
        try
        {
            var done = await act();
            await AuditAsync(action, target, "done");
            return done;
        }
        catch (ProblemException refused)
        {
            await AuditAsync(action, target, $"refused: {refused.Problem.Type}");
            throw Said(refused, what);
        }
    }

    private static async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ProblemException refused)
        {
            throw Said(refused, what);
        }
    }

    /// <summary>What was done is done, so it is written down even when the command was interrupted.</summary>
    private Task AuditAsync(string action, string target, string outcome) => _store.AuditAsync(
        new AuditEntry(0, _scope.Get<TimeProvider>().GetUtcNow(), _user.Tenant, _user.Who, action, Audit.Cut(target), Environment.MachineName, Audit.Cut(outcome)), CancellationToken.None);

    private static CommandException Said(ProblemException refused, string what)
    {
        var exitCode = refused.Problem.Status == ProblemType.Exists.Status ? ExitCodes.Refuted : ExitCodes.BadInput;
        return new CommandException(
            exitCode, OptionText.Of(refused.Problem.Field, refused.Message, AdministrationFields.Options) ?? $"{what}: {refused.Message}", refused);
    }

    private sealed record LocalUser(string User) : Caller("", User, Web.Store.Tenant.Default, Scopes.Admin)
    {
        public override string Who => User;
    }
}
