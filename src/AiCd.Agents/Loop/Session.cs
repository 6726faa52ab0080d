using AiCd.Actors.Ports;
using AiCd.Agents.Models;
using AiCd.Agents.Prompts;

namespace AiCd.Agents.Loop;

/// <summary>A conversation and its record: nothing is in the one that is not in the other.</summary>
internal sealed class Session(Prompt prompt, StageContext context)
{
    private readonly List<ReviewFeedback> _news = [];

    public Conversation Conversation { get; private set; } = new();

    /// <summary>What people said that the model has not been told, or null.</summary>
    public string? News => _news.Count == 0 ? null : Feedback.Of(_news);

    /// <returns>True where an earlier attempt's conversation goes on.</returns>
    public async Task<bool> OpenAsync(string task, CancellationToken cancellationToken)
    {
        if (Conversation.Replay(context.Record.Turns, prompt.Name, context.BaseSha) is { } earlier)
        {
            Conversation = earlier;
            context.Progress.Report($"going on from turn {earlier.Answers}");
            foreach (var message in earlier.Messages)
            {
                Transcript.Add(context.Progress, message);
            }

            _news.AddRange(context.Job.Feedback.Skip(earlier.Heard));
            if (earlier.Open is null)
            {
                await TellNewsAsync(cancellationToken);
            }

            return true;
        }

        context.Progress.Record("system", $"{prompt.Id}\n\n{prompt.Text}");
        await RecordAsync(new LoopTurn.Started(prompt.Id, context.BaseSha, context.Job.Feedback.Count, ModelMessage.User(task)), null, cancellationToken);
        return false;
    }

    public async Task RecordAsync(LoopTurn turn, SpentCall? spent, CancellationToken cancellationToken)
    {
        // An answer that was paid for is recorded even if nobody wants to wait for it any more.
        var recorded = new RecordedTurn(turn.Kind, turn.ToJson(), (turn as LoopTurn.Started)?.Prompt);
        _news.AddRange(await context.Record.RecordAsync(recorded, spent, spent is null ? cancellationToken : CancellationToken.None));
        Conversation.Apply(turn);
        Transcript.Add(context.Progress, turn);
    }

    public async Task TellNewsAsync(CancellationToken cancellationToken)
    {
        while (_news.Count > 0)
        {
            var told = new LoopTurn.Told(Feedback.Of(_news), Conversation.Heard + _news.Count);
            _news.Clear();
            await RecordAsync(told, null, cancellationToken);
        }
    }

    /// <returns>False where there is nothing left to leave out.</returns>
    public async Task<bool> CompactAsync(CancellationToken cancellationToken)
    {
        if (Compaction.Next(Conversation.Messages, Conversation.LastCompaction) is not { } step)
        {
            return false;
        }

        context.Progress.Report("the conversation is too long: leaving out what tools said before");
        await RecordAsync(step, null, cancellationToken);
        return true;
    }

    /// <summary>Makes sure that no later attempt goes on from here.</summary>
    public async Task<StageException> AbandonAsync(FaultKind kind, string code, string message)
    {
        await RecordAsync(new LoopTurn.Abandoned($"{code}: {message}"), null, CancellationToken.None);
        return new StageException(kind, code, message);
    }
}
