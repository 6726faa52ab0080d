using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;

namespace AiCd.Host.Configuration;

/// <summary>Accepts what the web server can bind to.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpUrlsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) =>
        value is string text && Split(text) is { Length: > 0 } urls && urls.All(IsHttp);

    public static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsHttp(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Host.Length > 0 && address.PathBase.Length == 0 && address.Port is >= 0 and <= 65535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
