using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Web.Engine;

namespace AiCd.Web.Jobs;

/// <summary>Says all there is to know of a job.</summary>
public sealed class JobReader(JobHistory history, IEngine engine)
{
    public async Task<JobDetails> DetailsAsync(Job job, CancellationToken cancellationToken)
    {
        var body = await history.ContentAsync(job.Submission.Body, cancellationToken);
        return JobMapping.Details(job, body is null ? null : Encoding.UTF8.GetString(body), engine.Explain(job));
    }
}
