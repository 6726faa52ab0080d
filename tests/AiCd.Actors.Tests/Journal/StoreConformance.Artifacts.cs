using AiCd.Actors.Journal;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Artifacts_are_kept_with_an_append_and_alone()
    {
        var writer = await JoinAsync(Store, 1);

        await writer.CommitAsync(Entry(NewJob(1)) with { Artifacts = [new ArtifactContent("aa", new byte[] { 1, 2 }), new ArtifactContent("bb", new byte[] { 3 })] });
        await Store.Artifacts.PutAsync("default", [new ArtifactContent("cc", new byte[] { 4 }), new ArtifactContent("dd", Array.Empty<byte>())], Token);

        (await Store.Artifacts.FindAsync("default", "aa", Token)).ShouldBe([1, 2]);
        (await Store.Artifacts.FindAsync("default", "bb", Token)).ShouldBe([3]);
        (await Store.Artifacts.FindAsync("default", "cc", Token)).ShouldBe([4]);
        (await Store.Artifacts.FindAsync("default", "dd", Token)).ShouldBe([]);
        (await Store.Artifacts.FindAsync("default", "ee", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task The_same_artifact_may_be_put_again_and_stays_as_it_is()
    {
        var writer = await JoinAsync(Store, 1);
        await Store.Artifacts.PutAsync("default", [new ArtifactContent("aa", new byte[] { 1 })], Token);

        await Store.Artifacts.PutAsync("default", [new ArtifactContent("aa", new byte[] { 1 }), new ArtifactContent("aa", new byte[] { 1 })], Token);
        await writer.CommitAsync(
            Entry(NewJob(1)) with { Artifacts = [new ArtifactContent("aa", new byte[] { 1 })] },
            Entry(NewJob(1)) with { Artifacts = [new ArtifactContent("aa", new byte[] { 1 }), new ArtifactContent("bb", new byte[] { 2 })] });

        (await Store.Artifacts.FindAsync("default", "aa", Token)).ShouldBe([1]);
        (await Store.Artifacts.FindAsync("default", "bb", Token)).ShouldBe([2]);
    }

    [Fact]
    public async Task A_tenant_does_not_see_the_artifacts_of_another()
    {
        await Store.Artifacts.PutAsync("acme", [new ArtifactContent("aa", new byte[] { 1 })], Token);

        (await Store.Artifacts.FindAsync("default", "aa", Token)).ShouldBeNull();
        (await Store.Artifacts.FindAsync("acme", "aa", Token)).ShouldBe([1]);
    }

    [Fact]
    public async Task An_artifact_of_fifty_megabytes_is_kept()
    {
        var content = new byte[50_000_000];
        new Random(1).NextBytes(content);

        await Store.Artifacts.PutAsync("default", [new ArtifactContent("aa", content)], Token);

        (await Store.Artifacts.FindAsync("default", "aa", Token)).ShouldNotBeNull().AsSpan().SequenceEqual(content).ShouldBeTrue();
    }
}
