using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Configuration;
using AiCd.Agents.Models;
using AiCd.Agents.Pricing;

namespace AiCd.Agents.Loop;

/// <summary>
/// Asks models for money: the reservation comes before each request, the settlement after it, whatever became of it. Where a model
/// cannot be had, the next one of the list is asked, and stays the one to ask.
/// </summary>
internal sealed class ModelCalls(ModelSettings settings, string provider, IReadOnlyDictionary<string, IModelClient> clients, PriceTable prices, StageContext context)
{
    private readonly List<(IModelClient Client, string Model)> _candidates = [.. Candidates(settings, provider, clients)];
    private int _first;
    private string? _lastModel;

    /// <param name="inputAtMost">What the input cannot exceed; told whether the model is the one that was asked last.</param>
    /// <exception cref="ModelException">No model of the list gave an answer.</exception>
    /// <exception cref="BudgetExhaustedException">There is no money for it.</exception>
    public async Task<PaidAnswer> AskAsync(ModelRequest request, Func<bool, long> inputAtMost, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (client, model) = _candidates[_first];
            try
            {
                var answer = await AskAsync(client, request with { Model = model }, inputAtMost(_lastModel == model), cancellationToken);
                _lastModel = model;
                return answer;
            }
            catch (ModelException error) when (error.TryAnother && _first + 1 < _candidates.Count)
            {
                _first++;
                context.Progress.Report($"{model}: {error.Message}; going on with {_candidates[_first].Model}");
            }
        }
    }

    private async Task<PaidAnswer> AskAsync(IModelClient client, ModelRequest request, long inputAtMost, CancellationToken cancellationToken)
    {
        var price = prices.Find(request.Model);
        var call = await context.Record.ReserveAsync(request.Model, price.AtMost(inputAtMost, request.MaxOutputTokens), cancellationToken);
        try
        {
            var response = await client.CompleteAsync(request, _ => { }, cancellationToken);
            return new PaidAnswer(response, client.Provider, request.Model, new SpentCall(call, price.Of(response.Usage)));
        }
        catch (ModelException error)
        {
            await context.Record.SettleAsync(call, error.Billed ? call.AsUsage : Usage.None);
            throw;
        }
        catch
        {
            // Cut off in the middle: nobody will ever know what it cost.
            await context.Record.SettleAsync(call, call.AsUsage);
            throw;
        }
    }

    private static IEnumerable<(IModelClient, string)> Candidates(ModelSettings settings, string provider, IReadOnlyDictionary<string, IModelClient> clients)
    {
        yield return (clients[provider], settings.Model);
        foreach (var fallback in settings.Fallbacks)
        {
            var other = clients.Keys.FirstOrDefault(name => fallback.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
            yield return other is null ? (clients[provider], fallback) : (clients[other], fallback[(other.Length + 1)..]);
        }
    }
}

internal sealed record PaidAnswer(ModelResponse Response, string Provider, string Model, SpentCall Spent);
