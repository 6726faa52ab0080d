namespace AiCd.Web.Dashboard.Parts;

/// <param name="Values">Oldest first; null where nothing is known.</param>
public sealed record ChartLine(string Name, string Class, IReadOnlyList<double?> Values);
