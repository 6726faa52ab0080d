using System.Security.Cryptography;
using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;

namespace AiCd.Benchmarks.Cluster.Node;

/// <summary>
/// Workspaces without a disk. A commit is named by a hash of its attempt and content, so that the mixing up of two attempts would show
/// in what is pushed.
/// </summary>
internal sealed class PaperWorkspaces : IWorkspaces
{
    private const string BaseSha = "8c1f2d3e4a5b60718293a4b5c6d7e8f901234567";

    public Task<RepositoryTarget> ResolveAsync(string tenant, string repository, string? baseBranch, CancellationToken cancellationToken) =>
        Task.FromResult(new RepositoryTarget(repository, baseBranch ?? "main", BaseSha));

    public Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IWorkspace>(new PaperWorkspace(request.AttemptId));

    public Task<IReadOnlyList<JobId>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JobId>>([]);

    public Task RemoveAsync(JobId job, CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class PaperWorkspace(string attempt) : IWorkspace
    {
        public string Path => "/nowhere";

        public string BaseSha => PaperWorkspaces.BaseSha;

        public Task<byte[]?> ReadBaseFileAsync(string path, int maxBytes, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

        public Task<IReadOnlyList<string>> ChangedPathsAsync(string commitSha, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>(["src/Parser.cs"]);

        public Task<string> DiffAsync(string commitSha, CancellationToken cancellationToken) => Task.FromResult(Diff(commitSha));

        public Task<WorkspaceCommit> CommitAsync(CodeResult result, CancellationToken cancellationToken)
        {
            var commit = Sha("commit", attempt, result.CommitMessage);
            var change = new CommittedChange(commit, Sha("tree", attempt, result.CommitMessage), BaseSha, result.CommitMessage, 1, 4, 1);
            return Task.FromResult(new WorkspaceCommit(change, Diff(commit), Encoding.UTF8.GetBytes($"bundle of {commit}")));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static string Diff(string commit) =>
            $"diff --git a/src/Parser.cs b/src/Parser.cs\n--- a/src/Parser.cs\n+++ b/src/Parser.cs\n@@ -1 +1 @@\n-old\n+{commit}\n";

        private static string Sha(params string[] parts) =>
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..40];
    }
}
