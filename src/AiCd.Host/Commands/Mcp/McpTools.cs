using System.Reflection;
using AiCd.Web.Json;
using ModelContextProtocol.Server;

namespace AiCd.Host.Commands.Mcp;

/// <summary>The tools that an assistant is offered, with what they may do to the world.</summary>
internal static class McpTools
{
    public static IEnumerable<McpServerTool> Of(JobTools jobs) =>
    [
        Changing("submit_job", nameof(JobTools.SubmitAsync), jobs),
        Reading("list_jobs", nameof(JobTools.ListAsync), jobs),
        Reading("show_job", nameof(JobTools.ShowAsync), jobs),
        Reading("show_plan", nameof(JobTools.PlanAsync), jobs),
        Reading("show_diff", nameof(JobTools.DiffAsync), jobs),
        Changing("approve_plan", nameof(JobTools.ApproveAsync), jobs),
        Changing("reject_plan", nameof(JobTools.RejectAsync), jobs),
        Changing("give_feedback", nameof(JobTools.FeedbackAsync), jobs),
        Changing("cancel_job", nameof(JobTools.CancelAsync), jobs, destructive: true),
    ];

    private static McpServerTool Reading(string name, string method, JobTools jobs) =>
        Create(method, jobs, new McpServerToolCreateOptions { Name = name, ReadOnly = true, OpenWorld = false });

    private static McpServerTool Changing(string name, string method, JobTools jobs, bool destructive = false) =>
        Create(method, jobs, new McpServerToolCreateOptions { Name = name, ReadOnly = false, Destructive = destructive, OpenWorld = true });

    private static McpServerTool Create(string method, JobTools jobs, McpServerToolCreateOptions options)
    {
        options.SerializerOptions = WebJson.Options;
        return McpServerTool.Create(typeof(JobTools).GetMethod(method, BindingFlags.Public | BindingFlags.Instance)!, jobs, options);
    }
}
