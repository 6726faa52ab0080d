using System.ComponentModel.DataAnnotations;

namespace AiCd.Agents.Configuration;

/// <summary>Accepts an absolute http or https URL, or nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpUrlAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) =>
        value is null or "" || (value is string text && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https");
}
