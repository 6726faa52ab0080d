using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiCd.Web.OpenApi;

/// <summary>Shows enums by their wire names, and ids of jobs as the texts that they are.</summary>
internal sealed class SchemaDetails : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        var names = type == typeof(JobState) ? WireNames.All<JobState>()
            : type == typeof(Stage) ? WireNames.All<Stage>()
            : type == typeof(JobLinkKind) ? WireNames.All<JobLinkKind>()
            : null;
        if (names is not null)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. names.Select(name => (JsonNode)name)];
        }
        else if (type == typeof(JobId))
        {
            schema.Type = JsonSchemaType.String;
        }

        return Task.CompletedTask;
    }
}
