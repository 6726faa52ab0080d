namespace AiCd.Actors.Hosting.Settings;

/// <summary>Tells that the settings under a path are those of an options class. Several classes may share a path.</summary>
public sealed record SettingsSection(string Path, Type Type);
