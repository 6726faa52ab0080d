using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;

namespace AiCd.Actors.Stages;

/// <summary>The artifacts of one outcome: references for the event, contents for the store.</summary>
internal sealed class StageArtifacts(params IEnumerable<NewArtifact?> artifacts)
{
    private readonly List<NewArtifact> _artifacts = [.. artifacts.OfType<NewArtifact>()];

    public IReadOnlyList<ArtifactRef> Refs => [.. _artifacts.Select(artifact => artifact.Ref)];

    public IReadOnlyList<ArtifactContent> Contents => [.. _artifacts.Select(artifact => artifact.Content).OfType<ArtifactContent>()];
}
