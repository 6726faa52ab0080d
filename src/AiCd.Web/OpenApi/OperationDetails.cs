using System.Globalization;
using AiCd.Web.Access;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiCd.Web.OpenApi;

/// <summary>What an operation asks of its caller, which errors it has, and a body that it accepts.</summary>
internal sealed class OperationDetails : IOpenApiOperationTransformer
{
    private static readonly ProblemType[] Everywhere = [ProblemType.BadRequest, ProblemType.InvalidField, ProblemType.TooManyRequests, ProblemType.Internal, ProblemType.Unavailable];
    private static readonly ProblemType[] WithBody =
        [ProblemType.UnknownField, ProblemType.MissingField, ProblemType.InvalidJson, ProblemType.TooLarge, ProblemType.UnsupportedMedia];

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var problems = new List<ProblemType>(Everywhere);
        if (metadata.OfType<RequiredScope>().LastOrDefault() is { Scope: not Scopes.None } required)
        {
            problems.AddRange([ProblemType.Unauthenticated, ProblemType.Forbidden]);
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentDetails.KeyScheme, context.Document)] = [] }];
            operation.Description = $"{operation.Description}\n\nNeeds a key with the scope `{ScopeNames.Text(required.Scope)}`.".Trim();
        }

        if (operation.RequestBody is OpenApiRequestBody body)
        {
            problems.AddRange(WithBody);
            if (metadata.OfType<RouteExample>().LastOrDefault() is { } example)
            {
                foreach (var content in body.Content?.Values ?? [])
                {
                    content.Example = example.Body.DeepClone();
                }
            }
        }

        problems.AddRange(metadata.OfType<RouteProblems>().SelectMany(route => route.Types));
        AddProblems(operation, context, problems);
        return Task.CompletedTask;
    }

    private static void AddProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context, List<ProblemType> problems)
    {
        operation.Responses ??= [];
        foreach (var status in problems.Distinct().GroupBy(type => type.Status).OrderBy(group => group.Key))
        {
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(", ", status.Select(type => $"`{type.Uri}`: {type.Title.ToLowerInvariant()}")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problem.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(DocumentDetails.ProblemSchema, context.Document) },
                },
            };
        }
    }
}
