using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace AiCd.Web.Dashboard.Rendering.Text;

/// <summary>
/// Markdown that a model or a stranger wrote. Raw HTML is shown as text, links lead to the web or nowhere, and nothing is loaded from
/// elsewhere: an image becomes a link to it.
/// </summary>
internal static class SafeMarkdown
{
    private const int Longest = 200_000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras()
        .Build();

    public static MarkupString Render(string text)
    {
        var document = Markdown.Parse(text.Length > Longest ? text[..Longest] : text, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            Tame(link);
        }

        foreach (var link in document.Descendants<AutolinkInline>().ToList())
        {
            if (!IsWeb(link.Url) && !link.IsEmail)
            {
                link.ReplaceBy(new LiteralInline(link.Url));
            }
            else
            {
                Mark(link);
            }
        }

        return new MarkupString(document.ToHtml(Pipeline));
    }

    private static void Tame(LinkInline link)
    {
        link.IsImage = false;
        var url = link.GetDynamicUrl?.Invoke() ?? link.Url;
        link.GetDynamicUrl = null;
        if (IsWeb(url))
        {
            link.Url = url;
            Mark(link);
            return;
        }

        // The link's text stays where it was; only the way is gone.
        var container = new ContainerInline();
        link.ReplaceBy(container, copyChildren: true);
    }

    private static bool IsWeb(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static void Mark(MarkdownObject link)
    {
        var attributes = link.GetAttributes();
        attributes.AddPropertyIfNotExist("rel", "noopener noreferrer nofollow");
        attributes.AddPropertyIfNotExist("target", "_blank");
    }
}
