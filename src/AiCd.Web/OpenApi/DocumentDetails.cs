using AiCd.Web.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiCd.Web.OpenApi;

/// <summary>What holds for the API as a whole: what it is, how callers show who they are, what an error looks like.</summary>
internal sealed class DocumentDetails : IOpenApiDocumentTransformer
{
    public const string KeyScheme = "key";
    public const string ProblemSchema = "Problem";

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AiCd",
            Version = ApiDescription.Document,
            Description = "Drives software issues to pull requests. Errors are RFC 9457 problem documents whose `type` is stable; unknown fields are refused. "
                + "Known types: " + string.Join(", ", ProblemType.All.Select(type => $"`{type.Uri}`")) + ".",
        };

        // Whoever serves the document is the server; its address is nobody else's business.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [KeyScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "aicd_<id>_<secret>",
                Description = "A key, as `aicd keys` or the API made it. Its scopes are `read`, `write`, `operate` and `admin`.",
            },
        };
        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), cancellationToken: cancellationToken);
        document.AddComponent(ProblemSchema, problem);
    }
}
