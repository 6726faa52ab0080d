namespace AiCd.Agents.Models;

/// <summary>A provider's API: one request, one answer, nothing tried twice.</summary>
internal interface IModelClient
{
    /// <summary>Names the provider, in configuration and in opaque blocks.</summary>
    string Provider { get; }

    /// <param name="onText">Is told what the model writes while it writes.</param>
    /// <exception cref="ModelException">There is no answer, or not a whole one.</exception>
    Task<ModelResponse> CompleteAsync(ModelRequest request, Action<string> onText, CancellationToken cancellationToken);
}
