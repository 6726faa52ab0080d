using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;
using AiCd.Actors.Jobs;

namespace AiCd.Agents.Configuration;

/// <summary>An agent that talks to a model (section <c>AiCd:Agents:&lt;name&gt;</c>).</summary>
public abstract class ModelAgentOptions
{
    /// <summary>Where the API is; empty for the provider's own.</summary>
    [Expectation("an http or https URL")]
    [HttpUrl]
    public string BaseUrl { get; set; } = "";

    /// <summary>The provider's key; empty for the one in the customary variable, or for a server that needs none.</summary>
    [Secret]
    public string ApiKey { get; set; } = "";

    /// <summary>The model, as the provider names it.</summary>
    [Required]
    [Expectation("the name of a model")]
    public string Model { get; set; } = "";

    /// <summary>How hard the model thinks, in the provider's words, such as low, medium or high; empty for its default.</summary>
    public string Effort { get; set; } = "";

    /// <summary>How freely the model words its answers; none for the provider's default, which newer models insist on.</summary>
    [Range(0.0, 2.0)]
    public double? Temperature { get; set; }

    /// <summary>The longest silence before an answer or within it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest answer, in tokens, thoughts included.</summary>
    [Range(256, 1_000_000)]
    public int MaxOutputTokens { get; set; } = 16_000;

    /// <summary>In tokens; a conversation that outgrows it is compacted.</summary>
    [Range(8_000, 10_000_000)]
    public int ContextWindow { get; set; } = 200_000;

    /// <summary>Answers of the model in one stage.</summary>
    [Range(1, 10_000)]
    public int MaxTurns { get; set; } = 100;

    /// <summary>All tools of one attempt together.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxToolTime { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>One command, unless the model asks for less.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Models to ask when the first one cannot be had; <c>anthropic:</c> or <c>openai:</c> before a name asks the other provider.</summary>
    public List<string> Fallbacks { get; set; } = [];

    /// <summary>What differs by stage.</summary>
    public StageModels Stages { get; set; } = new();

    internal ModelSettings For(Stage stage)
    {
        var own = stage switch
        {
            Stage.Planning => Stages.Planning,
            Stage.Reviewing => Stages.Reviewing,
            _ => Stages.Coding,
        };
        return new ModelSettings(
            own.Model is { Length: > 0 } model ? model : Model,
            own.Fallbacks ?? Fallbacks,
            (own.Effort ?? Effort) is { Length: > 0 } effort ? effort : null,
            own.Temperature ?? Temperature,
            own.Timeout ?? Timeout,
            own.MaxOutputTokens ?? MaxOutputTokens,
            ContextWindow,
            own.MaxTurns ?? MaxTurns,
            MaxToolTime,
            CommandTimeout);
    }
}

/// <summary>What differs by stage; what is not set here is as for the agent.</summary>
public sealed class StageModels
{
    public StageModel Planning { get; set; } = new();

    public StageModel Coding { get; set; } = new();

    public StageModel Reviewing { get; set; } = new();
}

public sealed class StageModel
{
    /// <summary>The model of this stage.</summary>
    public string? Model { get; set; }

    /// <summary>The fallbacks of this stage.</summary>
    public List<string>? Fallbacks { get; set; }

    /// <summary>The effort of this stage; empty for the provider's default.</summary>
    public string? Effort { get; set; }

    /// <summary>The temperature of this stage.</summary>
    [Range(0.0, 2.0)]
    public double? Temperature { get; set; }

    /// <summary>The longest silence of this stage.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>The longest answer of this stage.</summary>
    [Range(256, 1_000_000)]
    public int? MaxOutputTokens { get; set; }

    /// <summary>The answers of this stage.</summary>
    [Range(1, 10_000)]
    public int? MaxTurns { get; set; }
}

/// <summary>What counts in one stage.</summary>
internal sealed record ModelSettings(
    string Model,
    IReadOnlyList<string> Fallbacks,
    string? Effort,
    double? Temperature,
    TimeSpan Timeout,
    int MaxOutputTokens,
    int ContextWindow,
    int MaxTurns,
    TimeSpan MaxToolTime,
    TimeSpan CommandTimeout);
