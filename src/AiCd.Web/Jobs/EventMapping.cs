using System.Text;
using System.Text.Json.Nodes;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using AiCd.Actors.Journal;

namespace AiCd.Web.Jobs;

/// <summary>Shows events as they are stored, with the state that they led to and who brought them about.</summary>
internal static class EventMapping
{
    private const string Inline = "inline";

    /// <param name="after">The job as the event left it.</param>
    public static EventDetails Of(in JournalRow row, JobEvent e, Job after) => new(
        row.Seq,
        row.Event,
        after.State,
        row.RecordedAt,
        ActorOf(e, after.Submission),
        e.Node,
        after.Submission.Parent is { } parent && row.Seq > 1 && row.Seq <= 1 + parent.Inherited ? true : null,
        DataOf(e));

    public static string ActorOf(JobEvent e, Submission submission) => e switch
    {
        JobEvent.Submitted => submission.By ?? "aicd",
        JobEvent.PlanSucceeded { ApprovedBy: { } by } => by,
        JobEvent.MarkCancelled { By: { } by } => by,
        JobEvent.PlanTurnedDown { By: { } by } => by,
        JobEvent.FeedbackAdded { By: { } by } => by,
        JobEvent.PriorityChanged { By: { } by } => by,
        JobEvent.IssueEdited { By: { } by } => by,
        JobEvent.BudgetRaised { By: { } by } => by,
        JobEvent.PlanSucceeded or JobEvent.PlanProposed or JobEvent.CodeSucceeded or JobEvent.ReviewApproved or JobEvent.ReviewRejected
            or JobEvent.UsageSettled => $"agent:{submission.Agent}",
        _ => "aicd",
    };

    /// <summary>The event's own members. Contents that travel inside are left to the artifacts.</summary>
    public static JsonObject DataOf(JobEvent e)
    {
        var data = JsonNode.Parse(Encoding.UTF8.GetString(JobEventCodec.Encode(e)))!.AsObject();
        data.Remove("node");
        data.Remove("v");
        Strip(data);
        return data;
    }

    private static void Strip(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                if (members.ContainsKey("sha256"))
                {
                    members.Remove(Inline);
                }

                foreach (var member in members)
                {
                    Strip(member.Value);
                }

                break;
            case JsonArray elements:
                foreach (var element in elements)
                {
                    Strip(element);
                }

                break;
        }
    }
}
