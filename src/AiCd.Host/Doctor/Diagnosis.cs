using AiCd.Actors.Hosting.Doctor;

namespace AiCd.Host.Doctor;

/// <summary>Runs all checks, each by itself and no longer than it may.</summary>
internal static class Diagnosis
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public static async Task<IReadOnlyList<Diagnosed>> RunAsync(IEnumerable<IDoctorCheck> checks, CancellationToken cancellationToken)
    {
        var findings = new List<Diagnosed>();
        foreach (var check in checks)
        {
            findings.Add(new Diagnosed(check.Name, await RunAsync(check, cancellationToken)));
        }

        return findings;
    }

    private static async Task<DoctorFinding> RunAsync(IDoctorCheck check, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            return await check.RunAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DoctorFinding.Failed($"no answer within {Patience.TotalSeconds:0} s", "see what it waits for: network, disk, or a machine under load");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A check that stumbles must not keep the others from being heard.
            return DoctorFinding.Failed($"the check itself failed: {error.GetType().Name}: {error.Message}", "run it again with --verbose, and report what it says");
        }
    }
}

internal sealed record Diagnosed(string Name, DoctorFinding Finding);
