using AiCd.Actors.Ports;
using AiCd.Agents.Configuration;
using AiCd.Agents.Models;

namespace AiCd.Agents.Loop;

/// <summary>
/// The loop of every agent: ask, do what the answer asks for, tell what came of it, until there is a result. Everything is on record
/// before the next thing happens, so that a loop which was cut off goes on where it was.
/// </summary>
internal sealed class AgentLoop<TResult>(Assignment<TResult> assignment, ModelSettings settings, ModelCalls calls, StageContext context, TimeProvider time)
    where TResult : class
{
    private readonly Session _session = new(assignment.Prompt, context);
    private readonly Replies<TResult> _replies = new(assignment, settings, context, time);

    /// <exception cref="StageException">There is no result.</exception>
    public async Task<TResult> RunAsync(CancellationToken cancellationToken)
    {
        // An answer without a reply: its tools may have run in part before a crash.
        var resumed = await _session.OpenAsync(assignment.Task, cancellationToken) && _session.Conversation.Open is not null;
        while (true)
        {
            var answer = _session.Conversation.Open ?? await AskAsync(cancellationToken);
            var reply = await ReplyAsync(answer, resumed, cancellationToken);
            resumed = false;
            if (reply.Result is { } result && _session.News is null)
            {
                await _session.RecordAsync(new LoopTurn.Submitted(), null, cancellationToken);
                return result;
            }

            await _session.RecordAsync(new LoopTurn.Replied(reply.Message), null, cancellationToken);
            await _session.TellNewsAsync(cancellationToken);
        }
    }

    private async Task<ModelResponse> AskAsync(CancellationToken cancellationToken)
    {
        if (_session.Conversation.Answers >= settings.MaxTurns)
        {
            throw await _session.AbandonAsync(FaultKind.Permanent, "too_many_turns", $"There was no result after {settings.MaxTurns} turns");
        }

        await MakeRoomAsync(cancellationToken);
        while (true)
        {
            try
            {
                var request = Request();
                var overhead = Overhead(request);
                var answer = await calls.AskAsync(request, same => _session.Conversation.InputAtMost(overhead, same), cancellationToken);
                await _session.RecordAsync(
                    new LoopTurn.Answered(answer.Provider, answer.Model, answer.Response.Message, answer.Response.Stop, answer.Response.Usage),
                    answer.Spent,
                    cancellationToken);
                return answer.Response;
            }
            catch (ModelException error)
            {
                // Where the conversation was too long, it is asked again with less.
                if (error.Fault != ModelFault.ContextOverflow || !await _session.CompactAsync(cancellationToken))
                {
                    throw error.ToStageException();
                }
            }
        }
    }

    private async Task MakeRoomAsync(CancellationToken cancellationToken)
    {
        var room = settings.ContextWindow - settings.MaxOutputTokens;
        while (_session.Conversation.About(Overhead(Request())) > room && await _session.CompactAsync(cancellationToken))
        {
        }
    }

    private async Task<Reply<TResult>> ReplyAsync(ModelResponse answer, bool resumed, CancellationToken cancellationToken)
    {
        try
        {
            return await _replies.OfAsync(answer, resumed, settings.MaxTurns - _session.Conversation.Answers, cancellationToken);
        }
        catch (NoResultException hopeless)
        {
            throw await _session.AbandonAsync(hopeless.Kind, hopeless.Code, hopeless.Message);
        }
    }

    private ModelRequest Request() => new()
    {
        Model = settings.Model,
        System = assignment.Prompt.Text,
        Messages = _session.Conversation.Messages,
        Tools = [.. assignment.Tools.Select(tool => tool.Definition), assignment.Submission.Tool],
        MaxOutputTokens = settings.MaxOutputTokens,
        Effort = settings.Effort,
        Temperature = settings.Temperature,
        Timeout = settings.Timeout,
    };

    private static long Overhead(ModelRequest request) =>
        request.System.Length * 3L + request.Tools.Sum(tool => tool.Name.Length + (tool.Description.Length * 3L) + tool.Schema.GetRawText().Length + 64);
}
