using System.Security.Cryptography;

namespace AiCd.Testing.GitHub;

/// <summary>A GitHub App with its key and installations.</summary>
public sealed class FakeApp : IDisposable
{
    public string ClientId { get; } = "Iv23lifaketestapp";

    public string Slug { get; } = "aicd-test";

    public string Login => $"{Slug}[bot]";

    public RSA Key { get; } = RSA.Create(2048);

    public List<FakeInstallation> Installations { get; } = [];

    public List<FakeDelivery> Deliveries { get; } = [];

    public string PrivateKeyPem => Key.ExportRSAPrivateKeyPem();

    public void Dispose() => Key.Dispose();
}

public sealed class FakeInstallation
{
    public required long Id { get; init; }

    public required string Account { get; init; }

    public List<FakeRepository> Repositories { get; } = [];

    public Dictionary<string, string> Permissions { get; } = new()
    {
        ["contents"] = "write",
        ["metadata"] = "read",
        ["issues"] = "write",
        ["pull_requests"] = "write",
        ["checks"] = "write",
    };
}

/// <summary>A token of an installation: for these repositories, with these permissions, until then.</summary>
public sealed record FakeToken(
    string Value, FakeInstallation Installation, IReadOnlyList<FakeRepository> Repositories, IReadOnlyDictionary<string, string> Permissions, DateTimeOffset ExpiresAt);

public sealed record FakeDelivery(long Id, string Unique, string Event, string Action, DateTimeOffset DeliveredAt, int StatusCode, bool Redelivery);
