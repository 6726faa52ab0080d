using System.Security.Cryptography;
using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;

namespace AiCd.Web.Jobs;

/// <summary>Binds an approval to the plan, the base commit and the text of the issue that were read together.</summary>
internal static class Approvals
{
    public static ProposedPlanDetails? Of(Job job) => job.ProposedPlan is { } plan && PlanOf(plan) is { } sha256
        ? new ProposedPlanDetails(plan.Summary, Token(sha256, plan.BaseSha, job.Submission.Body.Sha256), sha256, plan.BaseSha, job.Submission.Body.Sha256)
        : null;

    private static string? PlanOf(PlanOutcome plan) => plan.Artifacts.FirstOrDefault(artifact => artifact.Kind == ArtifactKinds.Plan)?.Sha256;

    private static string Token(string plan, string? baseSha, string issue) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{plan}\n{baseSha}\n{issue}")));
}
