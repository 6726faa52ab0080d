using System.CommandLine;
using System.CommandLine.Completions;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Journal;
using AiCd.Host.Client;
using AiCd.Host.Commands;
using AiCd.Host.Output;

namespace AiCd.Host.CommandLine.Completion;

/// <summary>The newest jobs of the store, for whoever presses Tab where a job is expected.</summary>
internal static class JobSuggestions
{
    private const int Most = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Nothing where there is no store, or none that can be read: a shell that completes has no place for messages.</summary>
    public static IEnumerable<CompletionItem> Recent(CompletionContext context)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            return ReadAsync(context.ParseResult, deadline.Token).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is JournalException or SettingsException or ApiException or CommandException or OperationCanceledException)
        {
            return [];
        }
    }

    private static async Task<IReadOnlyList<CompletionItem>> ReadAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var source = await JobAccess.OpenSourceAsync(new Screen(), arguments, live: false, cancellationToken);
        var jobs = await source.ListAsync(state: null, Most, cancellationToken);
        return [.. jobs.Select(job => new CompletionItem(job.Id.Value))];
    }
}
