namespace AiCd.Host.Client;

/// <summary>Says of options what the API says of fields.</summary>
internal static class OptionText
{
    /// <returns>Null where no option stands for the field.</returns>
    public static string? Of(string? field, string message, IReadOnlyDictionary<string, string> options)
    {
        if (field is null || options.GetValueOrDefault(field.Split('[')[0]) is not { } option)
        {
            return null;
        }

        var said = message.StartsWith(field + ": ", StringComparison.Ordinal) ? message[(field.Length + 2)..] : message;
        return $"{option}: {said}";
    }
}
