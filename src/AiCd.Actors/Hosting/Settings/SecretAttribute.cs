namespace AiCd.Actors.Hosting.Settings;

/// <summary>Marks a setting whose value no message repeats.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
