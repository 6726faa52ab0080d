using System.Globalization;
using AiCd.Actors.Hosting.Doctor;

namespace AiCd.Host.Doctor;

/// <summary>How many files and sockets a node may have open.</summary>
internal sealed class OpenFilesCheck : IDoctorCheck
{
    private const string Limits = "/proc/self/limits";
    private const string Label = "Max open files";
    private const long Least = 256;
    private const long Enough = 4096;

    public string Name => "open files";

    public async Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Limits))
        {
            return DoctorFinding.Ok("this system does not tell its limit");
        }

        var line = (await File.ReadAllLinesAsync(Limits, cancellationToken)).First(line => line.StartsWith(Label, StringComparison.Ordinal));
        var soft = line[Label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        if (!long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
        {
            return DoctorFinding.Ok(soft);
        }

        var remedy = $"raise it: `ulimit -n {Enough}` in a shell, LimitNOFILE={Enough} in a systemd unit";
        return limit switch
        {
            < Least => DoctorFinding.Failed($"{limit}, which a few jobs at a time use up", remedy),
            < Enough => DoctorFinding.Warning($"{limit}, which many jobs or watchers at a time may use up", remedy),
            _ => DoctorFinding.Ok(soft),
        };
    }
}
