using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiCd.Actors.Tests.Hosting;

public sealed class EngineSettingsTests
{
    [Fact]
    public void Weights_of_tenants_and_branches_with_one_job_are_bound()
    {
        using var services = With(("AiCd:TenantWeights:acme", "3"), ("AiCd:OneJobPerBranch:0", "file:///repo"));

        services.ThrowIfSettingsInvalid();

        var options = services.GetRequiredService<IOptions<EngineOptions>>().Value;
        (options.WeightOf("acme"), options.WeightOf("other")).ShouldBe((3, 1));
        (options.AllowsOneJobPerBranch("file:///repo"), options.AllowsOneJobPerBranch("file:///other")).ShouldBe((true, false));
    }

    [Theory]
    [InlineData("AiCd:TenantWeights:acme", "many", "AiCd:TenantWeights:acme: expected a whole number, got 'many'")]
    [InlineData("AiCd:TenantWeights:acme", "0", "AiCd:TenantWeights:acme: expected a whole number from 1 to 100, got '0'")]
    [InlineData("AiCd:SnapshotEvery", "5", "AiCd:SnapshotEvery: expected a whole number from 10 to 1000000, got '5'")]
    [InlineData("AiCd:EffectTimeout", "00:00:11", "AiCd:EffectTimeout: expected a time span from 00:00:00.1 to 00:00:10, got '00:00:11'")]
    public void An_impossible_value_is_refused_by_its_key(string key, string value, string problem)
    {
        using var services = With((key, value));

        Should.Throw<SettingsException>(services.ThrowIfSettingsInvalid).Message.ShouldContain(problem);
    }

    private static ServiceProvider With(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSettings<EngineOptions>(EngineOptions.Section).BuildServiceProvider();
    }
}
