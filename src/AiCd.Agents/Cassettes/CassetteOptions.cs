using AiCd.Agents.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Cassettes;

/// <summary>Whether calls to models go to a cassette: <c>AICD_CASSETTE</c> and <c>AICD_CASSETTE_FILE</c>.</summary>
internal sealed class CassetteOptions
{
    public const string ModeVariable = "AICD_CASSETTE";
    public const string FileVariable = "AICD_CASSETTE_FILE";

    private const string DefaultName = "cassette.json";

    /// <summary>As it was given.</summary>
    public string Given { get; set; } = "";

    /// <summary>Where the cassette is, or is to be; in the data folder unless another place is named.</summary>
    public string File { get; set; } = "";

    public CassetteMode Mode => Find(Given) ?? CassetteMode.Off;

    public void Read(IConfiguration configuration)
    {
        Given = configuration[ModeVariable] ?? "";
        File = Path.GetFullPath(configuration[FileVariable] is { Length: > 0 } file ? file : Path.Combine(DataFolder.Of(configuration), DefaultName));
    }

    private static CassetteMode? Find(string text) =>
        text.Length == 0 ? CassetteMode.Off
        : Enum.GetValues<CassetteMode>().Where(mode => mode.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)).Select(mode => (CassetteMode?)mode).FirstOrDefault();

    /// <summary>What is wrong is said before anything starts.</summary>
    internal sealed class Validator : IValidateOptions<CassetteOptions>
    {
        public ValidateOptionsResult Validate(string? name, CassetteOptions options) => Problem(options) is { } problem
            ? ValidateOptionsResult.Fail(problem)
            : ValidateOptionsResult.Success;

        private static string? Problem(CassetteOptions options)
        {
            if (Find(options.Given) is null)
            {
                return $"{ModeVariable}: expected record, replay or off, got '{options.Given}'";
            }

            var exists = System.IO.File.Exists(options.File);
            return options.Mode switch
            {
                CassetteMode.Replay when !exists => $"{FileVariable}: expected a cassette to replay, found none at {options.File}",
                not CassetteMode.Off when exists && Cassette.Refuse(options.File) is { } reason => $"{FileVariable}: expected a cassette, got {options.File}: {reason}",
                _ => null,
            };
        }
    }
}

internal enum CassetteMode
{
    Off,
    Record,
    Replay,
}
