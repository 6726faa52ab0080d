namespace AiCd.Testing.GitHub;

/// <summary>Whoever a token stands for.</summary>
internal sealed record Caller(string Login, FakeToken? Installation)
{
    /// <returns>Null for a token that nobody has, or has no longer.</returns>
    public static Caller? Of(FakeGitHub fake, string token)
    {
        if (fake.PersonalTokens.TryGetValue(token, out var login))
        {
            return new Caller(login, null);
        }

        lock (fake.Gate)
        {
            var installed = fake.InstallationTokens.FirstOrDefault(known => known.Value == token && fake.Clock.GetUtcNow() < known.ExpiresAt);
            return installed is null ? null : new Caller(fake.App.Login, installed);
        }
    }

    public bool Reads(FakeRepository repository) => Installation is { } token
        ? token.Repositories.Contains(repository) || !repository.Private
        : repository.RoleOf(Login) != "none";

    public bool Pushes(FakeRepository repository) => Installation is { } token
        ? token.Repositories.Contains(repository) && token.Permissions.GetValueOrDefault("contents") == "write"
        : repository.RoleOf(Login) is "admin" or "write";

    /// <summary>For everything but contents.</summary>
    public bool May(FakeRepository repository, string permission) => Installation is { } token
        ? token.Repositories.Contains(repository) && token.Permissions.GetValueOrDefault(permission) == "write"
        : repository.RoleOf(Login) is "admin" or "write" || permission is "issues" or "pull_requests";
}
