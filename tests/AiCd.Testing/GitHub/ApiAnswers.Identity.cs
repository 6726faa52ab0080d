using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiCd.Testing.GitHub;

/// <summary>Apps, installations, tokens, users, deliveries.</summary>
internal sealed partial class ApiAnswers
{
    private ApiAnswer Identity(RecordedRequest request, string[] parts, Caller? caller)
    {
        lock (fake.Gate)
        {
            return parts switch
            {
                ["app"] => new ApiAnswer(200, new JsonObject { ["id"] = 1, ["slug"] = fake.App.Slug, ["client_id"] = fake.App.ClientId, ["name"] = "AiCd test" }),
                ["app", "installations"] => Page(request, fake.App.Installations.Select(Shapes.Installation)),
                ["app", "installations", var id] => Installation(id) is { } found ? new ApiAnswer(200, Shapes.Installation(found)) : Error(404, "Not Found"),
                ["app", "installations", var id, "access_tokens"] => Installation(id) is { } found ? CreateToken(request, found) : Error(404, "Not Found"),
                ["app", "hook", "deliveries"] => Page(request, fake.App.Deliveries.OrderByDescending(delivery => delivery.Id).Select(Shapes.Delivery)),
                ["app", "hook", "deliveries", var id, "attempts"] => Redeliver(long.Parse(id, CultureInfo.InvariantCulture)),
                ["repos", var owner, var name, "installation"] =>
                    fake.App.Installations.FirstOrDefault(installed => installed.Repositories.Any(repository => repository == fake.Find(fake.Renames.GetValueOrDefault($"{owner}/{name}", $"{owner}/{name}")))) is { } found
                        ? new ApiAnswer(200, Shapes.Installation(found))
                        : Error(404, "Not Found"),
                ["installation", "repositories"] when caller?.Installation is { } token => Page(
                    request,
                    token.Installation.Repositories.Select(repository => Shapes.Repository(fake, repository, caller)),
                    page => new JsonObject { ["total_count"] = token.Installation.Repositories.Count, ["repositories"] = page }),
                ["user"] when caller is { Installation: null } => new ApiAnswer(200, Shapes.User(caller.Login, isApp: false)),
                _ => Error(403, "Resource not accessible by integration"),
            };
        }
    }

    private FakeInstallation? Installation(string id) => fake.App.Installations.FirstOrDefault(installed => installed.Id.ToString(CultureInfo.InvariantCulture) == id);

    private ApiAnswer CreateToken(RecordedRequest request, FakeInstallation installation)
    {
        var body = request.Body;
        var repositories = body.TryGetProperty("repositories", out var names)
            ? names.EnumerateArray().Select(name => installation.Repositories.FirstOrDefault(repository => repository.Name.Equals(name.GetString(), StringComparison.OrdinalIgnoreCase))).ToList()
            : [.. installation.Repositories];
        var permissions = body.TryGetProperty("permissions", out var asked)
            ? asked.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!)
            : installation.Permissions;
        if (repositories.Contains(null))
        {
            return Error(422, "There is at least one repository that does not exist or is not accessible to the parent installation.");
        }

        if (permissions.Any(pair => installation.Permissions.GetValueOrDefault(pair.Key) is not { } granted || granted == "read" && pair.Value == "write"))
        {
            return Error(422, "The permissions requested are not granted to this installation.");
        }

        var token = new FakeToken(
            $"ghs_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18))}", installation, [.. repositories.OfType<FakeRepository>()], permissions, fake.Clock.GetUtcNow().AddHours(1));
        fake.InstallationTokens.Add(token);
        return new ApiAnswer(201, new JsonObject
        {
            ["token"] = token.Value,
            ["expires_at"] = token.ExpiresAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["permissions"] = JsonSerializer.SerializeToNode(permissions),
            ["repository_selection"] = "selected",
        });
    }

    private ApiAnswer Redeliver(long id)
    {
        if (fake.App.Deliveries.FirstOrDefault(delivery => delivery.Id == id) is not { } delivery)
        {
            return Error(404, "Not Found");
        }

        fake.App.Deliveries.Add(delivery with { Id = fake.NextId(), DeliveredAt = fake.Clock.GetUtcNow(), StatusCode = 200, Redelivery = true });
        return new ApiAnswer(202, new JsonObject());
    }

    private static ApiAnswer Permission(FakeRepository repository, string login)
    {
        var role = repository.RoleOf(login);
        return new ApiAnswer(200, new JsonObject
        {
            ["permission"] = role,
            ["role_name"] = role,
            ["user"] = Shapes.User(login, isApp: false),
        });
    }

    private async Task<ApiAnswer> ForkAsync(FakeRepository repository, Caller caller)
    {
        var existing = fake.Repositories.FirstOrDefault(fork => fork.Parent == repository && fork.Owner == caller.Login);
        return new ApiAnswer(202, Shapes.Repository(fake, existing ?? await fake.ForkAsync(repository, caller.Login), caller));
    }

    private static async Task<ApiAnswer> CommitAsync(FakeRepository repository, string sha)
    {
        var fields = (await repository.Git.GitAsync(["show", "--no-patch", "--format=%H%n%cn%n%ce%n%T", sha])).Split('\n');
        return new ApiAnswer(200, new JsonObject
        {
            ["sha"] = fields[0],
            ["committer"] = new JsonObject { ["name"] = fields[1], ["email"] = fields[2], ["date"] = "2024-01-01T00:00:00Z" },
            ["tree"] = new JsonObject { ["sha"] = fields[3] },
            ["verification"] = new JsonObject { ["verified"] = false, ["signature"] = null },
        });
    }

    private static async Task<ApiAnswer> ContentsAsync(FakeRepository repository, string path, string reference)
    {
        if (!(await repository.Git.ListFilesAsync(reference)).Contains(path))
        {
            return Error(404, "Not Found");
        }

        var text = await repository.Git.ReadFileAsync(reference, path);
        return new ApiAnswer(200, new JsonObject
        {
            ["type"] = "file",
            ["encoding"] = "base64",
            ["name"] = path,
            ["path"] = path,
            ["content"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks),
        });
    }
}
