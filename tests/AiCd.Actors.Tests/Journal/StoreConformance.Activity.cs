using AiCd.Actors.Journal;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Recovery_reads_all_events_of_the_jobs_that_are_active_on_its_shards()
    {
        var writer = await JoinAsync(Store, 1, 2, 3);
        var (active, ended, elsewhere, never) = (NewJob(1), NewJob(1), NewJob(2), NewJob(3));
        await writer.CommitAsync(
            Entry(active, 1, Event("A")) with { Activity = Activity.Begins },
            Entry(ended, 1, Event("B")) with { Activity = Activity.Begins },
            Entry(elsewhere, 1, Event("C")) with { Activity = Activity.Begins },
            Entry(never, 1, Event("D")));
        await writer.CommitAsync(Entry(active, 2, Event("E")), Entry(ended, 2, Event("F")) with { Activity = Activity.Ends });

        (await ReadActiveAsync(1, 3)).Select(row => (row.Job, row.Seq, row.Event)).ShouldBe([(active, 1, "A"), (active, 2, "E")]);
        (await ReadActiveAsync(1, 2, 3)).Select(row => row.Event).ShouldBe(["A", "E", "C"]);
        (await ReadActiveAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_may_begin_and_end_within_one_batch()
    {
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);

        await writer.CommitAsync(
            Entry(job) with { Activity = Activity.Begins, Claims = [new Claim("issue", "1", Permanent: false), new Claim("key", "1", Permanent: true)] },
            Entry(job, 2) with { Activity = Activity.Ends });

        (await ReadActiveAsync(1)).ShouldBeEmpty();
        (await Journal.FindClaimAsync("default", "issue", "1", Token)).ShouldBeNull();
        (await Journal.FindClaimAsync("default", "key", "1", Token)).ShouldBe(job);
    }

    [Fact]
    public async Task A_claim_that_another_job_holds_is_refused_with_the_holder_named()
    {
        var writer = await JoinAsync(Store, 1, 2);
        var (first, second) = (NewJob(1), NewJob(2));
        var claim = new Claim("issue", "acme/app#7", Permanent: false);
        await writer.CommitAsync(Entry(first) with { Claims = [claim] });

        var result = await writer.AppendAsync(Entry(second) with { Claims = [new Claim("branch", "b", Permanent: false), claim] });

        result.ShouldBeOfType<AppendResult.RowRefused>().Claim.ShouldBe(new ClaimConflict("issue", "acme/app#7", first));
        (await ReadAsync(second)).ShouldBeEmpty();
        (await Journal.FindClaimAsync("default", "branch", "b", Token)).ShouldBeNull();
        (await Journal.FindClaimAsync("default", "issue", "acme/app#7", Token)).ShouldBe(first);
    }

    [Fact]
    public async Task Two_jobs_of_one_batch_cannot_make_the_same_claim()
    {
        var writer = await JoinAsync(Store, 1);
        var claim = new Claim("issue", "1", Permanent: false);

        var result = await writer.AppendAsync(Entry(NewJob(1)) with { Claims = [claim] }, Entry(NewJob(1)) with { Claims = [claim] });

        result.ShouldBeOfType<AppendResult.RowRefused>().Claim.ShouldNotBeNull().Key.ShouldBe("1");
        (await Journal.FindClaimAsync("default", "issue", "1", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task The_same_claim_of_another_tenant_or_kind_is_another_claim()
    {
        var writer = await JoinAsync(Store, 1);
        var (first, second, third) = (NewJob(1), NewJob(1), NewJob(1));

        await writer.CommitAsync(
            Entry(first) with { Claims = [new Claim("issue", "1", Permanent: false)] },
            Entry(second) with { Tenant = "acme", Claims = [new Claim("issue", "1", Permanent: false)] },
            Entry(third) with { Claims = [new Claim("branch", "1", Permanent: false)] });

        (await Journal.FindClaimAsync("default", "issue", "1", Token)).ShouldBe(first);
        (await Journal.FindClaimAsync("acme", "issue", "1", Token)).ShouldBe(second);
        (await Journal.FindClaimAsync("default", "branch", "1", Token)).ShouldBe(third);
    }

    [Fact]
    public async Task A_job_may_repeat_its_own_claim_and_a_permanent_one_stays_permanent()
    {
        var writer = await JoinAsync(Store, 1);
        var job = NewJob(1);
        await writer.CommitAsync(Entry(job) with { Claims = [new Claim("key", "1", Permanent: true), new Claim("issue", "1", Permanent: false)] });

        await writer.CommitAsync(Entry(job, 2) with { Claims = [new Claim("key", "1", Permanent: false), new Claim("issue", "1", Permanent: false)] });
        await writer.CommitAsync(Entry(job, 3) with { Activity = Activity.Ends });

        (await Journal.FindClaimAsync("default", "key", "1", Token)).ShouldBe(job);
        (await Journal.FindClaimAsync("default", "issue", "1", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task The_end_of_a_job_releases_its_claims_for_the_next_job_even_of_the_same_batch()
    {
        var writer = await JoinAsync(Store, 1, 2);
        var (first, second, third) = (NewJob(1), NewJob(2), NewJob(1));
        var claim = new Claim("issue", "1", Permanent: false);
        await writer.CommitAsync(Entry(first) with { Activity = Activity.Begins, Claims = [claim, new Claim("key", "1", Permanent: true)] });

        await writer.CommitAsync(Entry(first, 2) with { Activity = Activity.Ends }, Entry(second) with { Claims = [claim] });
        await writer.CommitAsync(Entry(second, 2) with { Activity = Activity.Ends });
        await writer.CommitAsync(Entry(third) with { Claims = [claim] });

        (await Journal.FindClaimAsync("default", "issue", "1", Token)).ShouldBe(third);
        (await writer.AppendAsync(Entry(NewJob(2)) with { Claims = [new Claim("key", "1", Permanent: true)] }))
            .ShouldBeOfType<AppendResult.RowRefused>().Claim.ShouldNotBeNull().Holder.ShouldBe(first);
    }
}
