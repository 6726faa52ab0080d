using AiCd.Actors.Ports;
using AiCd.Agents.Configuration;
using AiCd.Agents.Models;
using AiCd.Agents.Tools;

namespace AiCd.Agents.Loop;

/// <summary>Does what an answer asks for and makes the reply of it. A model that goes wrong is told so, and not for ever.</summary>
internal sealed class Replies<TResult>(Assignment<TResult> assignment, ModelSettings settings, StageContext context, TimeProvider time)
    where TResult : class
{
    private const int MaxInvalidResults = 1;
    private const int MaxStrikes = 2;
    private const int LastTurns = 3;

    private readonly Toolbox _tools = new(assignment.Tools, context.Progress, settings.MaxToolTime, time);
    private int _invalid;
    private int _truncated;
    private int _malformed;

    /// <param name="resumed">The answer's tools may have run in part before a crash.</param>
    /// <exception cref="NoResultException">Asking on would be in vain.</exception>
    public async Task<Reply<TResult>> OfAsync(ModelResponse answer, bool resumed, int turnsLeft, CancellationToken cancellationToken)
    {
        if (answer.Stop == StopReason.Refusal)
        {
            throw new NoResultException(FaultKind.Permanent, "model_refused", $"The model refused the work: {Shortened(answer.Text)}");
        }

        var cut = answer.Stop is StopReason.MaxTokens or StopReason.ContextOverflow;
        Strike(ref _truncated, cut, "truncated_output", $"The model's answers were cut off at {settings.MaxOutputTokens} tokens again and again");
        var calls = answer.ToolCalls.ToList();
        Strike(ref _malformed, !cut && calls.Any(call => !ToolArguments.TryParse(call.Arguments, out _)),
            "malformed_tool_calls", "The model called tools with arguments that are not JSON again and again");
        if (calls.Count == 0)
        {
            return new Reply<TResult>(ModelMessage.User(cut
                ? $"Your answer was cut off at {settings.MaxOutputTokens} tokens. Go on in smaller steps."
                : Unfinished()));
        }

        TResult? result = null;
        var results = new List<Block>();
        foreach (var done in await _tools.RunAsync([.. calls.Where(call => call.Name != Submission<TResult>.ToolName)], cut, resumed, cancellationToken))
        {
            results.Add(done);
        }

        foreach (var call in calls.Where(call => call.Name == Submission<TResult>.ToolName))
        {
            (result, var said) = Submit(call, cut);
            results.Add(said);
        }

        if (turnsLeft <= LastTurns && result is null)
        {
            results.Add(new TextBlock($"{Math.Max(turnsLeft, 0)} turns are left: finish and call {Submission<TResult>.ToolName}."));
        }

        return new Reply<TResult>(new ModelMessage(MessageRole.User, results), result);
    }

    private (TResult? Result, ToolResultBlock Said) Submit(ToolCallBlock call, bool cut)
    {
        if (!ToolArguments.TryParse(call.Arguments, out var arguments))
        {
            return (null, new ToolResultBlock(call.Id, Toolbox.Unreadable(cut), IsError: true));
        }

        var (result, problems) = assignment.Submission.Read(arguments);
        if (problems.Count == 0)
        {
            return (result, new ToolResultBlock(call.Id, "Accepted."));
        }

        var all = string.Join("\n", problems.Select(problem => $"- {problem}"));
        Invalid($"The model's result was not valid: {string.Join("; ", problems)}");
        return (null, new ToolResultBlock(call.Id, $"The result is not valid:\n{all}\nMend this and call {call.Name} again.", IsError: true));
    }

    private string Unfinished()
    {
        Invalid("The model ended without handing in a result");
        return $"There is no result yet. Call {Submission<TResult>.ToolName} with it; go on with the other tools first if you need to.";
    }

    private void Invalid(string message)
    {
        if (++_invalid > MaxInvalidResults)
        {
            throw new NoResultException(FaultKind.Transient, "invalid_result", message);
        }
    }

    private static void Strike(ref int strikes, bool wrong, string code, string message)
    {
        strikes = wrong ? strikes + 1 : 0;
        if (strikes > MaxStrikes)
        {
            throw new NoResultException(FaultKind.Transient, code, message);
        }
    }

    private static string Shortened(string text) => text.Length switch
    {
        0 => "it gave no reason",
        > 300 => text[..300] + "…",
        _ => text,
    };
}

/// <param name="Result">Null where the work goes on.</param>
internal sealed record Reply<TResult>(ModelMessage Message, TResult? Result = null)
    where TResult : class;

/// <summary>The model will not come to a result in this conversation.</summary>
internal sealed class NoResultException(FaultKind kind, string code, string message) : Exception(message)
{
    public FaultKind Kind { get; } = kind;

    public string Code { get; } = code;
}
