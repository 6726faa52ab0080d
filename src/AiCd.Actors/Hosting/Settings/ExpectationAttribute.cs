namespace AiCd.Actors.Hosting.Settings;

/// <summary>Says in words what a setting may be, where its type and range alone would not: "a number of attempts from 0, or -1 for all".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExpectationAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}
