using AiCd.Web.Access;

namespace AiCd.Web.Dashboard.Session;

/// <summary>Who looks at a page, for services that ask for the caller: a page that lives on has no request.</summary>
internal sealed class PageCaller
{
    public Caller? Caller { get; set; }
}
