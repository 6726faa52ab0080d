namespace AiCd.Agents.Command;

/// <summary>The variables that the program is given, and their removal from whatever it says: a key must not end in a transcript.</summary>
internal sealed class CommandSecrets
{
    private const string Hidden = "***";

    // Shorter values, such as a flag or a port, are no secrets and would tear up ordinary text.
    private const int Shortest = 8;

    private CommandSecrets(Dictionary<string, string> variables) => Variables = variables;

    public IReadOnlyDictionary<string, string> Variables { get; }

    public static CommandSecrets Of(IEnumerable<string> names) => new(names
        .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
        .Where(variable => variable.Value is not null)
        .DistinctBy(variable => variable.Name)
        .ToDictionary(variable => variable.Name, variable => variable.Value!));

    public string Hide(string text) => Variables.Values
        .Where(value => value.Length >= Shortest)
        .OrderByDescending(value => value.Length)
        .Aggregate(text, (shown, value) => shown.Replace(value, Hidden, StringComparison.Ordinal));
}
