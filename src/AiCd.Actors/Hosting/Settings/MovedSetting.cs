namespace AiCd.Actors.Hosting.Settings;

/// <summary>A key that the program knew once: whoever still sets it is told what to do instead.</summary>
/// <param name="From">The key, or the section with all that is in it.</param>
/// <param name="Advice">Such as <c>it is AiCd:Other:Key now</c>.</param>
public sealed record MovedSetting(string From, string Advice);
