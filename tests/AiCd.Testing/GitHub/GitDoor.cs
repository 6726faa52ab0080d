using System.Text;
using Microsoft.AspNetCore.Http;

namespace AiCd.Testing.GitHub;

/// <summary>Who may clone and push: as with GitHub, a token goes where a password would.</summary>
internal static class GitDoor
{
    public static async Task ServeAsync(FakeGitHub fake, HttpContext context, RecordedRequest request)
    {
        var parts = request.Path.Split('/', 4);
        var name = parts.Length == 4 ? $"{parts[1]}/{(parts[2].EndsWith(".git", StringComparison.Ordinal) ? parts[2][..^4] : parts[2])}" : "";
        if (fake.Renames.TryGetValue(name, out var renamed))
        {
            context.Response.Redirect($"{fake.WebUrl}{renamed}.git/{parts[3]}{context.Request.QueryString}", permanent: true);
            return;
        }

        var repository = fake.Find(name);
        var writes = request.Path.EndsWith("/git-receive-pack", StringComparison.Ordinal) || request.Query.GetValueOrDefault("service") == "git-receive-pack";
        var token = TokenOf(request);
        var caller = token is null ? null : Caller.Of(fake, token);
        if (token is not null && caller is null || token is null && (writes || repository?.Private == true))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
            return;
        }

        if (repository is null || caller is not null && !caller.Reads(repository))
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("Repository not found.", context.RequestAborted);
            return;
        }

        if (writes && (repository.Archived || !caller!.Pushes(repository)))
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync($"Permission to {repository.FullName}.git denied to {caller!.Login}.", context.RequestAborted);
            return;
        }

        await GitBackend.ServeAsync(context, repository.Git.Location, $"/{parts[3]}", caller?.Login ?? "anonymous", request.Content);
    }

    private static string? TokenOf(RecordedRequest request)
    {
        if (!request.Headers.TryGetValue("Authorization", out var header) || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])).Split(':', 2);
        return parts[1];
    }
}
