using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using AiCd.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace AiCd.Web.Dashboard.Serving;

/// <summary>
/// The files that pages load: embedded, so that every way of packaging serves them alike, compressed once, and cached for good under
/// an address that names their content.
/// </summary>
internal static class DashboardAssets
{
    private const string Folder = "dashboard/";

    private static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Asset> All = Load(typeof(DashboardAssets).Assembly);

    public static string Css { get; } = Address("app.css");

    public static string Script { get; } = Address("app.js");

    public static string Icon { get; } = Address("icon.svg");

    public static string Blazor { get; } = "/_framework/blazor.web.js?v=" + All["blazor.web.js"].Version;

    public static void MapDashboardAssets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_framework/blazor.web.js", (HttpContext context) => SendAsync(context, "blazor.web.js")).Public().ExcludeFromDescription();
        routes.MapGet("/assets/{name}", SendAsync).Public().ExcludeFromDescription();
    }

    private static string Address(string name) => $"/assets/{name}?v={All[name].Version}";

    private static async Task SendAsync(HttpContext context, string name)
    {
        if (!All.TryGetValue(name, out var asset))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var headers = context.Response.Headers;
        headers.ETag = $"\"{asset.Version}\"";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = context.Request.Query["v"] == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        if (context.Request.Headers.IfNoneMatch == headers.ETag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var brotli = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (brotli)
        {
            headers.ContentEncoding = "br";
        }

        var content = brotli ? asset.Brotli : asset.Content;
        context.Response.ContentType = asset.MediaType;
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    private static FrozenDictionary<string, Asset> Load(Assembly assembly) => assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return new Asset(MediaTypes[Path.GetExtension(name)], content.ToArray());
        });

    private sealed class Asset(string mediaType, byte[] content)
    {
        private readonly Lazy<byte[]> _brotli = new(() => Compress(content));

        public string MediaType { get; } = mediaType;

        public byte[] Content { get; } = content;

        public byte[] Brotli => _brotli.Value;

        public string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(content))[..16];

        private static byte[] Compress(byte[] content)
        {
            using var compressed = new MemoryStream();
            using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal))
            {
                brotli.Write(content);
            }

            return compressed.ToArray();
        }
    }
}
