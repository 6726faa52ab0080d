using AiCd.Actors.Journal;
using static AiCd.Actors.Tests.Journal.ShardWriter;

namespace AiCd.Actors.Tests.Journal;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_command_that_nobody_has_handled_has_no_outcome_and_not_an_empty_one()
    {
        var command = new InboxCommand(Guid.CreateVersion7(), NewJob(1), "default", "{}"u8.ToArray());
        await Store.Inbox.PostAsync(command, Token);

        (await Store.Inbox.FindOutcomeAsync(command.Id, Token)).HasValue.ShouldBeFalse();
        (await Store.Inbox.FindOutcomeAsync(Guid.CreateVersion7(), Token)).HasValue.ShouldBeFalse();
    }

    [Fact]
    public async Task The_first_outcome_of_a_command_stays()
    {
        var command = new InboxCommand(Guid.CreateVersion7(), NewJob(1), "default", "{}"u8.ToArray());
        await Store.Inbox.PostAsync(command, Token);

        (await Store.Inbox.SettleAsync(new HandledCommand(command.Id, "first"u8.ToArray()), Token)).ShouldBeTrue();
        (await Store.Inbox.SettleAsync(new HandledCommand(command.Id, "second"u8.ToArray()), Token)).ShouldBeFalse();

        (await Store.Inbox.FindOutcomeAsync(command.Id, Token)).ShouldNotBeNull().ToArray().ShouldBe("first"u8.ToArray());
        (await Store.Inbox.PendingAsync([1], 10, Token)).ShouldBeEmpty();
    }
}
