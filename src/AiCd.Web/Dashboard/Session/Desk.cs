using AiCd.Actors.Journal;
using AiCd.Actors.Ports;
using AiCd.Actors.Runtime;
using AiCd.Web.Access;
using AiCd.Web.Problems;
using AiCd.Web.Store;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiCd.Web.Dashboard.Session;

/// <summary>
/// What a page may do, in the name of the key that opened its session. Every question and every action goes through here, and is
/// refused where the key is valid no longer or has not the right; actions are written into the audit log as those of the API are.
/// </summary>
internal sealed class Desk(
    PageCaller page, AuthenticationStateProvider authentication, KeyRing keys, IWebStore store, IServiceProvider services, TimeProvider time, ILogger<Desk> logger)
{
    private string _origin = "";

    /// <summary>Raised when something is to be told to the person.</summary>
    public event Action<Notice>? Said;

    /// <summary>Raised when the key is valid no longer.</summary>
    public event Action? SignedOut;

    public Caller Caller => page.Caller ?? throw new ProblemException(ProblemType.Unauthenticated);

    /// <returns>False where nobody is signed in.</returns>
    public async Task<bool> OpenAsync(string origin, CancellationToken cancellationToken)
    {
        _origin = origin;
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        page.Caller = user.FindFirst(Caller.KeyClaim)?.Value is { } key ? await keys.FindByIdAsync(key, cancellationToken) : null;
        return page.Caller is not null;
    }

    public bool May(Scopes scope) => Caller.May(scope);

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Before anything is read: the key may have been revoked since the page was opened.</summary>
    /// <exception cref="ProblemException">It is valid no longer, or has not the right.</exception>
    public async Task CheckAsync(Scopes needed, CancellationToken cancellationToken)
    {
        if (await keys.FindByIdAsync(Caller.KeyId, cancellationToken) is null)
        {
            SignedOut?.Invoke();
            throw new ProblemException(ProblemType.Unauthenticated);
        }

        if (!Caller.May(needed))
        {
            throw new ProblemException(ProblemType.Forbidden, $"The key has the scopes {ScopeNames.Text(Caller.Scopes)}", null, $"the scope {ScopeNames.Text(needed)}");
        }
    }

    /// <summary>For a page that asks for nothing: it must not outlive its key either. While the store cannot say, the key is taken to be valid.</summary>
    public async Task CheckKeyAsync()
    {
        try
        {
            await CheckAsync(Scopes.None, CancellationToken.None);
        }
        catch (ProblemException)
        {
            // Whoever listens to SignedOut knows.
        }
        catch (JournalException error)
        {
            WebLog.KeyNotChecked(logger, error);
        }
    }

    /// <summary>Does something and writes down that it was done or refused.</summary>
    public async Task<T> ActAsync<T>(Scopes needed, string what, string target, Func<Task<T>> act)
    {
        try
        {
            await CheckAsync(needed, CancellationToken.None);
            var result = await act();
            await AuditAsync(what, target, "done");
            return result;
        }
        catch (ProblemException refused)
        {
            await AuditAsync(what, target, $"refused: {refused.Problem.Type}");
            throw;
        }
    }

    public void Say(string text, bool isError = false) => Said?.Invoke(new Notice(text, isError));

    /// <summary>What a person is told of an error. What is nobody's fault here is logged, and not shown.</summary>
    public string Explain(Exception error)
    {
        switch (error)
        {
            case ProblemException problem:
                return problem.Message;
            case JobQuarantinedException or StageException:
                return error.Message;
            case JournalException { IsTransient: true }:
                return "The store or the node cannot be reached at the moment.";
            default:
                WebLog.PageFailed(logger, error);
                return "Something went wrong on the server. Its log says what.";
        }
    }

    private Task AuditAsync(string what, string target, string outcome) => store.AuditAsync(
        new AuditEntry(0, time.GetUtcNow(), Caller.Tenant, Caller.Who, what, target, _origin, outcome), CancellationToken.None);
}

/// <summary>Something that a page tells its reader in passing. No two are the same, whatever they say: the page that shows them tells them apart by themselves.</summary>
internal sealed class Notice(string text, bool isError)
{
    public string Text { get; } = text;

    public bool IsError { get; } = isError;
}
