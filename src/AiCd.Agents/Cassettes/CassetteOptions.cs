namespace AiCd.Agents.Cassettes;

/// <summary>Whether calls to models go to a cassette: <c>AICD_CASSETTE</c> and <c>AICD_CASSETTE_FILE</c>.</summary>
/// <param name="File">Where the cassette is, or is to be.</param>
internal sealed record CassetteOptions(CassetteMode Mode, string File)
{
    public const string ModeVariable = "AICD_CASSETTE";
    public const string FileVariable = "AICD_CASSETTE_FILE";

    public static CassetteOptions Off { get; } = new(CassetteMode.Off, "");

    /// <exception cref="InvalidOperationException">The variables say something that cannot be.</exception>
    public static CassetteOptions Read(Func<string, string?> variable)
    {
        var mode = variable(ModeVariable);
        if (string.IsNullOrEmpty(mode))
        {
            return Off;
        }

        if (!Enum.TryParse<CassetteMode>(mode, ignoreCase: true, out var known) || !Enum.IsDefined(known))
        {
            throw new InvalidOperationException($"{ModeVariable}: expected record, replay or off, got '{mode}'");
        }

        return variable(FileVariable) is { Length: > 0 } file || known == CassetteMode.Off
            ? new CassetteOptions(known, variable(FileVariable) ?? "")
            : throw new InvalidOperationException($"{FileVariable}: expected the path of a cassette beside {ModeVariable}={mode}, got nothing");
    }
}

internal enum CassetteMode
{
    Off,
    Record,
    Replay,
}
