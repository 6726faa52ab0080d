using AiCd.Actors.Ports;
using Microsoft.Extensions.Logging;

namespace AiCd.Forge.Git;

/// <summary>The only place where the host starts git.</summary>
internal sealed class GitRunner(string dataFolder, ForgeOptions options, TimeProvider clock, ILogger<GitRunner> logger)
{
    private readonly Lazy<string?> _executable = new(() => SearchPath.Find(options.Executable));
    private readonly Lazy<GitHome> _home = new(() => GitHome.Prepare(dataFolder));

    /// <summary>Absolute path of git.</summary>
    /// <exception cref="StageException">Git is not installed.</exception>
    public string Executable => _executable.Value
        ?? throw new StageException(FaultKind.Permanent, "git_not_found",
            $"There is no program '{options.Executable}' in PATH ({SearchPath.Value}): install git, or name it in AiCd:Git:Executable");

    /// <summary>An empty folder.</summary>
    public string EmptyFolder => _home.Value.Folder;

    /// <exception cref="StageException">Git failed.</exception>
    public async Task<GitOutput> RunAsync(GitCommand command, CancellationToken cancellationToken)
    {
        var output = await TryRunAsync(command, cancellationToken);
        return output.Succeeded ? output : throw GitFailure.Of(command, output);
    }

    /// <summary>Leaves it to the caller to judge the exit code.</summary>
    /// <exception cref="StageException">Git did not start, took too long, or wrote too much.</exception>
    public async Task<GitOutput> TryRunAsync(GitCommand command, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var deadline = new CancellationTokenSource(options.Timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        stop.Token.ThrowIfCancellationRequested();
        using var process = GitProcess.Start(Executable, command, _home.Value);
        GitOutput output;
        try
        {
            output = await process.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StageException(FaultKind.Transient, "git_timeout",
                $"{command.Name} took longer than {options.Timeout} and was ended");
        }

        logger.GitRan(command.Name, output.ExitCode, clock.GetElapsedTime(started).TotalMilliseconds);
        return output.TotalBytes > command.OutputLimit && !command.CutOutput
            ? throw new StageException(FaultKind.Permanent, "git_output_too_large",
                $"{command.Name} wrote {output.TotalBytes} bytes, expected at most {command.OutputLimit}")
            : output;
    }
}
