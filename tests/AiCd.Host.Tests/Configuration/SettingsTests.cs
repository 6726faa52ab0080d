using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiCd.Host.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void Valid_settings_are_bound()
    {
        using var services = With(("Sample:Number", "7"), ("Sample:Inner:Wait", "00:00:03"), ("Sample:Names:0", "a"), ("Sample:Names:1", "b"), ("sample:ON", "TRUE"));

        services.ThrowIfSettingsInvalid();

        var sample = services.GetRequiredService<IOptions<Sample>>().Value;
        sample.Number.ShouldBe(7);
        sample.Inner.Wait.ShouldBe(TimeSpan.FromSeconds(3));
        sample.Names.ShouldBe(["a", "b"]);
        sample.On.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Sample:Number", "0", "Sample:Number: expected a whole number from 1 to 9, got '0'")]
    [InlineData("Sample:Number", "1.5", "Sample:Number: expected a whole number from 1 to 9, got '1.5'")]
    [InlineData("Sample:Number", "", "Sample:Number: expected a whole number from 1 to 9, got ''")]
    [InlineData("Sample:Number", "99999999999999999999", "Sample:Number: expected a whole number from 1 to 9, got '99999999999999999999'")]
    [InlineData("Sample:Ratio", "NaN", "Sample:Ratio: expected a number from 0.5 to 1, got 'NaN'")]
    [InlineData("Sample:On", "maybe", "Sample:On: expected true or false, got 'maybe'")]
    [InlineData("Sample:Colour", "blue", "Sample:Colour: expected 'red' or 'green', got 'blue'")]
    [InlineData("Sample:Name", "", "Sample:Name: expected a text that is not empty, got ''")]
    [InlineData("Sample:Token", "", "Sample:Token: expected a token, got '(a secret)'")]
    [InlineData("Sample:Inner:Wait", "soon", "Sample:Inner:Wait: expected a time span from 00:00:01 to 00:01:00, got 'soon'")]
    [InlineData("Sample:Inner:Wait", "5", "Sample:Inner:Wait: expected a time span from 00:00:01 to 00:01:00, got '5'")]
    [InlineData("Sample:Inner", "5", "Sample:Inner: expected a section with keys of its own, got '5'")]
    [InlineData("Sample:Names", "a", "Sample:Names: expected a list (Sample:Names:0, Sample:Names:1, ...), got 'a'")]
    [InlineData("Sample:Numbr", "1", "Sample:Numbr: unknown key; did you mean Sample:Number?")]
    [InlineData("Sample:Inner:Weight", "1", "Sample:Inner:Weight: unknown key; did you mean Sample:Inner:Wait?")]
    [InlineData("Sample:Number:More", "1", "Sample:Number:More: unknown key; did you mean Sample:Number?")]
    [InlineData("Sample:Deep:Down:Dept", "1", "Sample:Deep:Down:Dept: unknown key; did you mean Sample:Deep:Down:Depth?")]
    [InlineData("Sample:Former", "1", "Sample:Former: is no key any more; it is Sample:Number now")]
    [InlineData("Sample:Old:Names:0", "a", "Sample:Old:Names: is no key any more; it is Sample:Names now")]
    [InlineData("Sample:Limit", "5", "Sample:Limit: expected less than the number, got '5'")]
    public void Every_problem_names_key_expectation_and_value(string key, string value, string problem)
    {
        using var services = With((key, value));

        Should.Throw<SettingsException>(services.ThrowIfSettingsInvalid).Problems.ShouldBe([problem]);
    }

    [Fact]
    public void All_problems_are_named_at_once()
    {
        using var services = With(("Sample:Number", "x"), ("Sample:Nonsense", "y"), ("Sample:Deep:Down:Depth", "z"));

        Should.Throw<SettingsException>(services.ThrowIfSettingsInvalid).Problems.Count.ShouldBe(3);
    }

    private static ServiceProvider With(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSettings<Sample>("Sample")
            .AddSingleton(new MovedSetting("Sample:Former", "it is Sample:Number now"))
            .AddSingleton(new MovedSetting("Sample:Old:Names", "it is Sample:Names now"))
            .AddSingleton(new MovedSetting("Sample:Old:Name", "it is Sample:Name now"))
            .AddSettings<Depths>("Sample:Deep:Down")
            .BuildServiceProvider();
    }

    private sealed class Sample : IValidatableObject
    {
        [Range(1, 9)]
        public int Number { get; set; } = 5;

        public int Limit { get; set; }

        [Range(0.5, 1.0)]
        public double Ratio { get; set; } = 1;

        public bool On { get; set; }

        [AllowedValues("red", "green")]
        public string Colour { get; set; } = "red";

        [Required]
        public string Name { get; set; } = "name";

        [Required]
        [Secret]
        [Expectation("a token")]
        public string Token { get; set; } = "token";

        public Inner Inner { get; set; } = new();

        public IList<string> Names { get; init; } = [];

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Limit >= Number)
            {
                yield return new ValidationResult($"expected less than the number, got '{Limit}'", [nameof(Limit)]);
            }
        }
    }

    private sealed class Inner
    {
        [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(2);
    }

    private sealed class Depths
    {
        public int Depth { get; set; }
    }
}
