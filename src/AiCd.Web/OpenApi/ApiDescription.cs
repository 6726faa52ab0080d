using AiCd.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace AiCd.Web.OpenApi;

/// <summary>The description of the API in OpenAPI 3.1, made from the routes themselves, and the page that shows it.</summary>
internal static class ApiDescription
{
    public const string Document = "v1";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true
            || description.RelativePath?.StartsWith("webhooks/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer<DocumentDetails>();
        options.AddOperationTransformer<OperationDetails>();
        options.AddSchemaTransformer<SchemaDetails>();
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json").Public();

    public static void UseApiDescriptionPage(this IApplicationBuilder app) => app.UseSwaggerUI(page =>
    {
        page.RoutePrefix = WebRoutes.DescriptionPage.TrimStart('/');
        page.SwaggerEndpoint($"/openapi/{Document}.json", "AiCd");
        page.DocumentTitle = "AiCd API";
    });
}
