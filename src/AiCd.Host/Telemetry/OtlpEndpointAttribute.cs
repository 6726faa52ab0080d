using System.ComponentModel.DataAnnotations;

namespace AiCd.Host.Telemetry;

[AttributeUsage(AttributeTargets.Property)]
internal sealed class OtlpEndpointAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) =>
        value is null or "" || (value is string text && Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps));
}
