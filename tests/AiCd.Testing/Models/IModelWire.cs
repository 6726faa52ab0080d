using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiCd.Testing.Models;

/// <summary>A provider's protocol.</summary>
internal interface IModelWire
{
    ModelCall Read(JsonElement body, int number);

    /// <returns>What the provider would say to a request that breaks its rules, or null.</returns>
    ModelReply? Refuse(HttpRequest request, JsonElement body);

    /// <returns>True where the answer came to its end.</returns>
    Task<bool> WriteAsync(HttpContext context, ModelReply reply);
}
