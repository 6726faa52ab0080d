using System.Net;
using AiCd.Host.CommandLine;
using AiCd.Web.Problems;

namespace AiCd.Host.Client;

/// <summary>A server refused, or cannot be reached. The message is for people.</summary>
internal sealed class ApiException : Exception
{
    /// <summary>The server refused.</summary>
    public ApiException(ServerAddress server, Problem problem)
        : base(TextOf(server, problem)) => (Problem, Server) = (problem, server);

    /// <summary>No answer, or none that a server of AiCd gives.</summary>
    public ApiException(ServerAddress server, string what, Exception? inner = null)
        : base($"The server {server}: {what}", inner) => Server = server;

    public ServerAddress Server { get; }

    /// <summary>Null where the server did not say anything that can be understood.</summary>
    public Problem? Problem { get; }

    public int ExitCode => Problem?.Status switch
    {
        (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed => ExitCodes.Refuted,
        null or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests or >= 500 => ExitCodes.Environment,
        _ => ExitCodes.BadInput,
    };

    public bool Is(ProblemType type) => Problem?.Type == type.Uri;

    /// <summary>True where the same may succeed in a while.</summary>
    public bool IsTransient => Problem is null || Problem.Status is (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests or >= 500;

    /// <summary>The same as somebody hears of it who gave options, and no fields.</summary>
    /// <param name="what">What refused.</param>
    public CommandException About(string what, IReadOnlyDictionary<string, string> options) =>
        OptionText.Of(Problem?.Field, Message, options) is { } text ? new CommandException(ExitCode, text, this)
        : ExitCode == ExitCodes.Refuted ? new CommandException(ExitCode, $"{what}: {Message}", this)
        : new CommandException(ExitCode, Message, this);

    private static string TextOf(ServerAddress server, Problem problem) => problem.Status switch
    {
        (int)HttpStatusCode.Unauthorized => $"{ServerAddress.KeyVariable}: expected a key that the server {server} accepts, got one that it does not know or that is revoked or expired",
        (int)HttpStatusCode.Forbidden => $"The server {server} refuses: {problem.Detail ?? problem.Title}",
        >= 500 => $"The server {server}: {problem.Detail ?? problem.Title}",
        _ => problem.Detail ?? problem.Title,
    };
}
