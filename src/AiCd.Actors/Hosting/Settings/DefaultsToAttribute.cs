namespace AiCd.Actors.Hosting.Settings;

/// <summary>Says in words what a setting is by default, where that differs from one machine to the other.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultsToAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}
