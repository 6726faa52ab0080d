namespace AiCd.Agents.Sandbox;

/// <summary>As whom commands run.</summary>
/// <param name="User">
/// The user that root becomes for a command; null where the node is an ordinary user already. Then a user namespace gives the
/// command its walls, and it stays that user.
/// </param>
/// <param name="Prefix">Put before bubblewrap's command line: how a node that is root has the sandbox of one that is not.</param>
internal sealed record SandboxIdentity(int? User, IReadOnlyList<string> Prefix)
{
    public static SandboxIdentity OfThisNode(SandboxOptions options) => new(Environment.IsPrivilegedProcess ? options.UserId : null, []);
}
