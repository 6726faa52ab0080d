using AiCd.Web.Problems;
using AiCd.Web.Store;

namespace AiCd.Web.GitHub;

/// <summary>Applies a delivery once more. What it asked for and got is not done a second time.</summary>
internal sealed class Redelivery(IWebStore store, DeliveryWake wake, TimeProvider time)
{
    /// <exception cref="ProblemException">There is no such delivery.</exception>
    public async Task<bool> RunAsync(string id, CancellationToken cancellationToken)
    {
        if (!await store.RedeliverAsync(id, time.GetUtcNow(), cancellationToken))
        {
            throw ProblemException.NotFound("delivery");
        }

        wake.Set();
        return true;
    }
}
