using System.Text.Json.Serialization;

namespace AiCd.Forge.GitHub.Api;

// What GraphQL is asked and answers, as far as it is read. Everything of an answer may be missing or null.

internal sealed record GraphQlQuery(string Query, IssueVariables Variables);

internal sealed record IssueVariables(string Owner, string Name, int Number);

internal sealed record GraphQlAnswer(GraphQlData? Data, IReadOnlyList<GraphQlError>? Errors);

internal sealed record GraphQlError(string? Type, string? Message);

internal sealed record GraphQlData(RepositoryNode? Repository);

internal sealed record RepositoryNode(IssueNode? Issue);

internal sealed record IssueNode(string? Title, string? Body, DateTimeOffset? LastEditedAt, ActorNode? Editor, TimelineNode? TimelineItems);

internal sealed record TimelineNode(IReadOnlyList<RenameNode>? Nodes);

internal sealed record RenameNode(DateTimeOffset? CreatedAt, ActorNode? Actor);

internal sealed record ActorNode([property: JsonPropertyName("__typename")] string? Kind, string? Login)
{
    /// <summary>The login of a person. Apps are called without their suffix here: theirs may be a person's, too.</summary>
    public string? Person => Kind == "User" ? Login : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GraphQlQuery))]
[JsonSerializable(typeof(GraphQlAnswer))]
internal sealed partial class GraphQlJson : JsonSerializerContext;
