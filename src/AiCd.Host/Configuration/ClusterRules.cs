using AiCd.Actors.Runtime;
using Microsoft.Extensions.Options;

namespace AiCd.Host.Configuration;

/// <summary>What holds for the engine's settings only where nodes share a store, and leases with it.</summary>
internal sealed class ClusterRules(IOptions<HostSettings> host) : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options)
    {
        // Just before its renewal a lease still holds for that long.
        var least = options.Lease - options.Renewal;
        return !host.Value.IsClustered || options.EffectTimeout < least
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{EngineOptions.Section}:{nameof(EngineOptions.EffectTimeout)}: expected in a cluster a time span of less than the lease without its renewal ({least}), got '{options.EffectTimeout}'");
    }
}
