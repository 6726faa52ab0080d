using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Testing.GitHub;

/// <summary>
/// A server that behaves like GitHub's REST API, for all that AiCd uses of it, and like its git: with state, pages, ETags, limits,
/// authentication and, where a test asks for them, faults. It holds every request against GitHub's published formats.
/// </summary>
public sealed partial class FakeGitHub : IAsyncDisposable
{
    private const string ApiPrefix = "/api/v3/";
    private const string GraphPath = "/api/graphql";

    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _certificate = TestCertificate.Create();
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly List<PlannedFault> _faults = [];
    private readonly ApiAnswers _answers;
    private readonly Lock _lock = new();
    private WebApplication _server = null!;
    private long _ids = 1000;

    private FakeGitHub(TimeProvider clock)
    {
        Clock = clock;
        _answers = new ApiAnswers(this);
    }

    public TimeProvider Clock { get; }

    public Uri WebUrl { get; private set; } = null!;

    public string ApiUrl => $"{WebUrl}api/v3";

    /// <summary>The certificate that clients must trust, in PEM.</summary>
    public string CaFile => _folder.Combine("ca.pem");

    public FakeApp App { get; } = new();

    public List<FakeRepository> Repositories { get; } = [];

    /// <summary>Former full names and what they became.</summary>
    public Dictionary<string, string> Renames { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Personal tokens and whose they are.</summary>
    public Dictionary<string, string> PersonalTokens { get; } = [];

    public List<FakeToken> InstallationTokens { get; } = [];

    /// <summary>What the headers tell of the primary limit.</summary>
    public int RemainingRequests { get; set; } = 5000;

    public DateTimeOffset LimitResetsAt { get; set; }

    /// <summary>How many things may be made within a minute before the secondary limit strikes; null for no such limit.</summary>
    public int? ContentPerMinute { get; set; }

    public int PageSize { get; set; } = 100;

    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Requests that GitHub does not document.</summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    internal Lock Gate => _lock;

    public static async Task<FakeGitHub> StartAsync(TimeProvider? clock = null)
    {
        var fake = new FakeGitHub(clock ?? TimeProvider.System);
        await File.WriteAllTextAsync(fake.CaFile, fake._certificate.AuthorityPem);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(fake._certificate.Server));
        });
        fake._server = builder.Build();
        fake._server.Run(fake.ServeAsync);
        await fake._server.StartAsync();
        var address = fake._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        fake.WebUrl = new Uri(address.TrimEnd('/') + "/");
        return fake;
    }

    public async Task<FakeRepository> AddRepositoryAsync(string owner, string name, IReadOnlyDictionary<string, string>? files = null, bool empty = false)
    {
        using var source = empty ? await GitRepository.InitAsync() : await GitRepository.CreateAsync(files);
        var repository = new FakeRepository(NextId(), owner, name, await source.CloneBareAsync());
        await PrepareAsync(repository);
        Repositories.Add(repository);
        return repository;
    }

    public FakeInstallation Install(params IReadOnlyList<FakeRepository> repositories)
    {
        var installation = new FakeInstallation { Id = NextId(), Account = repositories[0].Owner };
        installation.Repositories.AddRange(repositories);
        App.Installations.Add(installation);
        return installation;
    }

    public string AddToken(string login)
    {
        var token = $"ghp_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18))}";
        PersonalTokens[token] = login;
        return token;
    }

    public FakeIssue AddIssue(FakeRepository repository, string title, string body, string author)
    {
        lock (_lock)
        {
            var issue = new FakeIssue { Number = repository.NextNumber, Title = title, Body = body, Author = author };
            repository.Issues.Add(issue);
            return issue;
        }
    }

    /// <param name="later">How much later than now it was set.</param>
    public void Label(FakeIssue issue, string label, string actor, TimeSpan later = default)
    {
        lock (_lock)
        {
            issue.Labels.Add(label);
            issue.Labelings.Add((NextId(), label, actor, Clock.GetUtcNow() + later));
        }
    }

    /// <summary>Somebody saves another text, or another title.</summary>
    /// <param name="later">How much later than now.</param>
    public void Edit(FakeIssue issue, string author, string? title = null, string? body = null, bool isApp = false, TimeSpan later = default)
    {
        lock (_lock)
        {
            var edit = new FakeEdit(author, isApp, Clock.GetUtcNow() + later);
            (issue.Title, issue.Renamed) = title is null ? (issue.Title, issue.Renamed) : (title, edit);
            (issue.Body, issue.Rewritten) = body is null ? (issue.Body, issue.Rewritten) : (body, edit);
        }
    }

    /// <summary>Somebody merges the pull request: where that brings it into the default branch, the issues that it says it closes are closed.</summary>
    public void Merge(FakeRepository repository, FakePull pull)
    {
        lock (_lock)
        {
            (pull.State, pull.Merged) = ("closed", true);
            foreach (Match closing in ClosingPattern().Matches(pull.Base == repository.DefaultBranch ? pull.Body : ""))
            {
                var place = closing.Groups["repository"] is { Success: true, Value: var named } ? Find(named) : repository;
                if (place?.Issues.FirstOrDefault(issue => issue.Number.ToString(CultureInfo.InvariantCulture) == closing.Groups["number"].Value) is { } issue)
                {
                    issue.State = "closed";
                }
            }
        }
    }

    public FakeComment Say(FakeIssue issue, string text, string author)
    {
        lock (_lock)
        {
            var comment = new FakeComment(NextId(), author, IsApp: false, Clock.GetUtcNow()) { Body = text };
            comment.History.Add(text);
            issue.Comments.Add(comment);
            return comment;
        }
    }

    /// <summary>Lets the next requests that fit go wrong.</summary>
    public void Plan(Func<RecordedRequest, bool> fits, Fault fault, int times = 1)
    {
        lock (_lock)
        {
            _faults.Add(new PlannedFault(fits, fault, times));
        }
    }

    public int Count(string request) => _requests.Count(made => RequestFormats.NameOf(made) == request);

    /// <summary>All requests that the formats know of.</summary>
    public static IReadOnlyList<string> KnownRequests => RequestFormats.Names;

    public FakeRepository? Find(string fullName) =>
        Repositories.FirstOrDefault(repository => repository.FullName.Equals(fullName, StringComparison.OrdinalIgnoreCase));

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        _certificate.Dispose();
        App.Dispose();
        foreach (var repository in Repositories)
        {
            repository.Git.Dispose();
        }

        _folder.Dispose();
    }

    [GeneratedRegex(@"\b(close[sd]?|fix(e[sd])?|resolve[sd]?):?\s+(?<repository>[\w.-]+/[\w.-]+)?#(?<number>\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex ClosingPattern();

    internal long NextId() => Interlocked.Increment(ref _ids);

    internal async Task<FakeRepository> ForkAsync(FakeRepository parent, string owner)
    {
        var fork = new FakeRepository(NextId(), owner, parent.Name, await parent.Git.CloneBareAsync()) { Parent = parent, DefaultBranch = parent.DefaultBranch };
        fork.Roles[owner] = "admin";
        await PrepareAsync(fork);
        lock (_lock)
        {
            Repositories.Add(fork);
        }

        return fork;
    }

    private static async Task PrepareAsync(FakeRepository repository)
    {
        await repository.Git.GitAsync(["config", "http.receivepack", "true"]);
        await repository.Git.GitAsync(["config", "uploadpack.allowAnySHA1InWant", "true"]);
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        var path = context.Request.Path.Value!;
        var isGraph = path == GraphPath;
        var isGit = !isGraph && !path.StartsWith(ApiPrefix, StringComparison.Ordinal);
        var request = new RecordedRequest(
            context.Request.Method,
            isGit ? path : isGraph ? "graphql" : path[ApiPrefix.Length..],
            context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            content.ToArray(),
            Clock.GetUtcNow(),
            isGit);
        _requests.Enqueue(request);
        if (!isGit)
        {
            RequestFormats.Violations(request).ToList().ForEach(_violations.Enqueue);
        }

        await ServeAsync(context, request, TakeFault(request));
    }

    private async Task ServeAsync(HttpContext context, RecordedRequest request, Fault? fault)
    {
        switch (fault)
        {
            case Fault.Answer answer:
                foreach (var (name, value) in answer.Headers ?? new Dictionary<string, string>())
                {
                    context.Response.Headers[name] = value;
                }

                await new ApiAnswer(answer.Status, new JsonObject { ["message"] = answer.Message, ["documentation_url"] = "https://docs.github.com/rest" }).WriteAsync(context);
                return;
            case Fault.Cut { After: false }:
                context.Abort();
                return;
            case Fault.Stop { After: false } stop:
                await stop.Trap.WaitAsync(context.RequestAborted);
                break;
        }

        if (request.IsGit)
        {
            await GitDoor.ServeAsync(this, context, request);
            if (fault is Fault.Stop { After: true } late)
            {
                await late.Trap.WaitAsync(context.RequestAborted);
            }

            return;
        }

        var result = await _answers.AnswerAsync(request);
        switch (fault)
        {
            case Fault.Cut { After: true }:
                context.Abort();
                return;
            case Fault.Half:
                await result.WriteHalfAsync(context);
                return;
            case Fault.Stop { After: true } stop:
                await stop.Trap.WaitAsync(context.RequestAborted);
                break;
        }

        await result.WriteAsync(context);
    }

    private Fault? TakeFault(RecordedRequest request)
    {
        lock (_lock)
        {
            return _faults.FirstOrDefault(planned => planned.TryTake(request))?.Fault;
        }
    }
}
