using AiCd.Actors.Runtime;
using Microsoft.Extensions.Options;

namespace AiCd.Host.Configuration;

/// <summary>What the engine's settings may be depends on whether nodes share a store, and leases with it.</summary>
internal sealed class ClusterRules(IOptions<HostSettings> host) : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options) => Problem(options, host.Value.IsClustered) is { } problem
        ? ValidateOptionsResult.Fail($"{EngineOptions.Section}:{problem}")
        : ValidateOptionsResult.Success;

    private static string? Problem(EngineOptions options, bool clustered)
    {
        // Just before its renewal a lease still holds for that long.
        var least = options.Lease - options.Renewal;
        return (clustered, options) switch
        {
            (true, { EffectTimeout: var timeout }) when timeout >= least =>
                $"{nameof(EngineOptions.EffectTimeout)}: expected in a cluster a time span of less than the lease without its renewal ({least}), got '{timeout}'",
            (false, { Role: EngineOptions.WebRole }) =>
                $"{nameof(EngineOptions.Role)}: expected 'engine' or 'both' where the store lies in the data folder, since no other node could drive its jobs, got '{options.Role}'",
            _ => null,
        };
    }
}
