using AiCd.Actors.Hosting.Doctor;
using AiCd.Agents.Configuration;
using AiCd.Agents.Models;

namespace AiCd.Agents.Providers;

/// <summary>Asks the configured model for a word, as an agent would: key, address, model and network are all in it. It costs a few tokens.</summary>
/// <param name="section">Where the agent's settings are.</param>
/// <param name="variables">What the provider's customary variables begin with.</param>
internal sealed class ModelDoctorCheck(IModelClient client, ModelAgentOptions options, string section, string variables) : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => $"agent {client.Provider}";

    public async Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        if (options.ApiKey.Length == 0 && options.BaseUrl.Length == 0)
        {
            return DoctorFinding.Ok($"not configured: no {variables}_API_KEY");
        }

        try
        {
            await client.CompleteAsync(Question(), _ => { }, cancellationToken);
            return DoctorFinding.Ok($"{options.Model} answers");
        }
        catch (ModelException error)
        {
            var remedy = RemedyOf(error.Fault);
            return error.Fault is ModelFault.RateLimited or ModelFault.Overloaded or ModelFault.TimedOut or ModelFault.BrokenAnswer
                ? DoctorFinding.Warning(error.Message, remedy)
                : DoctorFinding.Failed(error.Message, remedy);
        }
    }

    private ModelRequest Question() => new()
    {
        Model = options.Model,
        System = "You answer with one word.",
        Messages = [ModelMessage.User("Say: ready")],
        Tools = [],
        MaxOutputTokens = 256,
        Temperature = options.Temperature,
        Timeout = Patience,
    };

    private string RemedyOf(ModelFault fault) => fault switch
    {
        ModelFault.Credentials => $"set {variables}_API_KEY to a key that the provider knows, or {section}:BaseUrl to the server that the key is for",
        ModelFault.Quota => "see the provider's billing page: the account has nothing left, or may not use the model",
        ModelFault.UnknownModel => $"name a model that the key may use: {section}:Model",
        ModelFault.Unreachable => $"see that the address can be reached from here: {section}:BaseUrl, proxies, firewalls",
        ModelFault.RateLimited or ModelFault.Overloaded or ModelFault.TimedOut or ModelFault.BrokenAnswer => "ask again in a while; jobs wait and go on by themselves",
        _ => $"see {section}: the provider does not accept what it is asked",
    };
}
