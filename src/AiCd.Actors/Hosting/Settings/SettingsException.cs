namespace AiCd.Actors.Hosting.Settings;

/// <summary>The configuration cannot be used. Every problem says key, expectation and actual value.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
