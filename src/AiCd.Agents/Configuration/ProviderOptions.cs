using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Hosting.Settings;

namespace AiCd.Agents.Configuration;

public sealed class AnthropicOptions : ModelAgentOptions
{
    public const string Section = "AiCd:Agents:Anthropic";

    public AnthropicOptions() => Model = "claude-opus-5-5";

    /// <summary><c>default</c> leaves it to the model, <c>adaptive</c> lets it think as it sees fit, <c>off</c> keeps it from thinking.</summary>
    [AllowedValues("default", "adaptive", "off")]
    public string Thinking { get; set; } = "default";
}

public sealed class OpenAiOptions : ModelAgentOptions
{
    public const string Section = "AiCd:Agents:OpenAI";

    public OpenAiOptions() => Model = "gpt-5.5";

    /// <summary>
    /// For servers that know the limit of the output only by its old name, <c>max_tokens</c>.
    /// </summary>
    [Expectation("true or false")]
    public bool UseMaxTokens { get; set; }
}
