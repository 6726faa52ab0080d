using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AiCd.Testing.GitHub;

/// <summary>Git's own HTTP backend behind the fake, by CGI.</summary>
internal static class GitBackend
{
    /// <param name="rest">The path within the repository, such as <c>/info/refs</c>.</param>
    public static async Task ServeAsync(HttpContext context, string repository, string rest, string user, byte[] content)
    {
        var command = ProcessRunner.Command("git", ["http-backend"], new Dictionary<string, string?>(GitRepository.Environment)
        {
            ["GIT_PROJECT_ROOT"] = Path.GetDirectoryName(repository),
            ["GIT_HTTP_EXPORT_ALL"] = "1",
            ["PATH_INFO"] = $"/{Path.GetFileName(repository)}{rest}",
            ["QUERY_STRING"] = context.Request.QueryString.Value?.TrimStart('?'),
            ["REQUEST_METHOD"] = context.Request.Method,
            ["CONTENT_TYPE"] = context.Request.ContentType,
            ["CONTENT_LENGTH"] = content.Length.ToString(CultureInfo.InvariantCulture),
            ["HTTP_CONTENT_ENCODING"] = context.Request.Headers.ContentEncoding,
            ["GIT_PROTOCOL"] = context.Request.Headers["Git-Protocol"],
            ["REMOTE_USER"] = user,
            ["REMOTE_ADDR"] = "127.0.0.1",
        });
        using var process = ProcessRunner.StartRedirected(command);
        await process.StandardInput.BaseStream.WriteAsync(content, context.RequestAborted);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(context.RequestAborted);
        var output = process.StandardOutput.BaseStream;
        while (await ReadLineAsync(output) is { Length: > 0 } line)
        {
            var parts = line.Split(": ", 2);
            if (parts[0] == "Status")
            {
                context.Response.StatusCode = int.Parse(parts[1].Split(' ')[0], CultureInfo.InvariantCulture);
            }
            else
            {
                context.Response.Headers[parts[0]] = parts[1];
            }
        }

        await output.CopyToAsync(context.Response.Body, context.RequestAborted);
        await process.WaitForExitAsync(context.RequestAborted);
        _ = await errors;
    }

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
    }
}
