using AiCd.Actors.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Web.Tests.Notifications;

public sealed class NotificationOptionsTests
{
    [Theory]
    [InlineData("Name", "Chat room", "Hooks:0:Name: expected 1 to 40 lower-case letters, digits and hyphens, got 'Chat room'")]
    [InlineData("Url", "ftp://s3cr3t", "Hooks:0:Url: expected an address that begins with http:// or https://, without user and fragment, got another")]
    [InlineData("Url", "https://user:s3cr3t@chat.example/", "Hooks:0:Url: expected an address that begins with http:// or https://, without user and fragment, got another")]
    [InlineData("Secret", "s3cr3t", "Hooks:0:Secret: expected a secret of 16 characters or more, got a shorter one")]
    [InlineData("Secret", null, "Hooks:0:Secret: expected a secret of 16 characters or more, got none")]
    [InlineData("Format", "xml", "Hooks:0:Format: expected 'json' or 'slack', got 'xml'")]
    [InlineData("Events:0", "DONE", "Hooks:0:Events:0: expected one of START_PLANNING, ")]
    [InlineData("Urls", "x", "Hooks:0:Urls: unknown key; did you mean ")]
    public void A_hook_that_cannot_work_is_refused_with_the_key_and_without_its_secrets(string key, string? value, string problem)
    {
        using var services = With((key, value));

        var problems = Should.Throw<SettingsException>(services.ThrowIfSettingsInvalid).Problems;

        problems.ShouldHaveSingleItem().ShouldStartWith($"AiCd:Notifications:{problem}");
        problems[0].ShouldNotContain("s3cr3t");
    }

    [Fact]
    public void Two_hooks_need_two_names()
    {
        using var services = With(("../1:Name", "chat"), ("../1:Url", "https://other.example"), ("../1:Secret", "0123456789abcdef"));

        Should.Throw<SettingsException>(services.ThrowIfSettingsInvalid).Problems
            .ShouldBe(["AiCd:Notifications:Hooks:1:Name: expected a name that no other hook bears, got 'chat'"]);
    }

    [Fact]
    public void A_chat_needs_no_secret_and_one_hook_is_enough()
    {
        using var services = With(("Format", "slack"), ("Secret", null));

        services.ThrowIfSettingsInvalid();
    }

    private static ServiceProvider With(params (string Key, string? Value)[] given)
    {
        var settings = new Dictionary<string, string?> { ["Name"] = "chat", ["Url"] = "https://chat.example/hook", ["Secret"] = "0123456789abcdef" };
        foreach (var (key, value) in given)
        {
            settings[key] = value;
        }

        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Where(setting => setting.Value is not null).Select(setting => KeyValuePair.Create(
                setting.Key.StartsWith("../", StringComparison.Ordinal) ? $"AiCd:Notifications:Hooks:{setting.Key[3..]}" : $"AiCd:Notifications:Hooks:0:{setting.Key}", setting.Value)))
            .Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddAiCdWebSettings().BuildServiceProvider();
    }
}
