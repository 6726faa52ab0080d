using System.Text.Json;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;
using AiCd.Host.StoreCare.Tables;

namespace AiCd.Host.StoreCare.Copying;

/// <summary>Replays every job of two stores and compares what they end in.</summary>
internal static class ReplayComparison
{
    /// <returns>How many jobs there were, and how many of them cannot be replayed in either.</returns>
    /// <exception cref="JournalException">A job is missing in one of them, or ends differently.</exception>
    public static async Task<(int Jobs, int Unreadable)> RunAsync(ITableSource first, ITableSource second, CancellationToken cancellationToken)
    {
        var (jobs, unreadable) = (0, 0);
        await using var left = JobReplay.FoldAsync(JournalTable.ReadAsync(first, cancellationToken), cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var right = JobReplay.FoldAsync(JournalTable.ReadAsync(second, cancellationToken), cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var (more, other) = (await left.MoveNextAsync(), await right.MoveNextAsync());
            if (!more && !other)
            {
                return (jobs, unreadable);
            }

            if (more != other || left.Current.Id != right.Current.Id)
            {
                var id = more ? left.Current.Id : right.Current.Id;
                throw Different($"job {id} is in one of them alone, or they come in another order");
            }

            if (left.Current.Corruption != right.Current.Corruption || Text(left.Current) != Text(right.Current))
            {
                throw Different($"job {left.Current.Id} is not the same after its replay");
            }

            jobs++;
            unreadable += left.Current.Corruption is null ? 0 : 1;
        }

        JournalException Different(string what) => new($"{first.Name} and {second.Name} differ: {what}. Nothing was copied", isTransient: false);
    }

    private static string? Text(JobReplay replay) => replay.Job is { } job ? JsonSerializer.Serialize(job, JobJson.Default.Job) : null;
}
