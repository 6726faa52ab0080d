using System.Globalization;
using AiCd.Actors.Hosting.Doctor;
using AiCd.Actors.Journal;
using AiCd.Host.Configuration;
using AiCd.Host.StoreCare;
using Npgsql;

namespace AiCd.Host.Doctor;

/// <summary>
/// Whether this machine's clock agrees with the database's. Leases are judged by the latter alone, so nothing breaks where they differ;
/// but retries come due, and events are dated, by the former.
/// </summary>
internal sealed class ClockCheck(HostSettings settings, TimeProvider time) : IDoctorCheck
{
    private static readonly TimeSpan Tolerable = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Absurd = TimeSpan.FromMinutes(5);

    public string Name => "clock";

    public async Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return StoreAddress.Of(settings) switch
            {
                StoreAddress.Postgres database => Judge(await DifferenceAsync(database, cancellationToken)),
                StoreAddress.Sqlite { MayExist: true } folder => await JudgeAsync(folder, cancellationToken),
                _ => DoctorFinding.Ok("nothing to compare it with"),
            };
        }
        catch (Exception error) when (error is JournalException or NpgsqlException)
        {
            return DoctorFinding.Warning($"not compared: {error.Message}", "mend the store first");
        }
    }

    private static DoctorFinding Judge(TimeSpan difference)
    {
        var found = string.Create(CultureInfo.InvariantCulture, $"{difference.TotalSeconds:+0.0;-0.0;0.0} s from the database's");
        const string Remedy = "let both machines follow the same time (chrony, systemd-timesyncd)";
        return difference.Duration() > Absurd ? DoctorFinding.Failed(found, Remedy)
            : difference.Duration() > Tolerable ? DoctorFinding.Warning(found, Remedy)
            : DoctorFinding.Ok(found);
    }

    /// <returns>How far this clock is ahead, with half of the way there and back taken off.</returns>
    private async Task<TimeSpan> DifferenceAsync(StoreAddress.Postgres database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        await command.ExecuteScalarAsync(cancellationToken);
        var asked = time.GetUtcNow();
        var told = (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
        var answered = time.GetUtcNow();
        return asked + ((answered - asked) / 2) - new DateTimeOffset(told);
    }

    /// <summary>There is one clock; what it may have done is to go back.</summary>
    private async Task<DoctorFinding> JudgeAsync(StoreAddress.Sqlite folder, CancellationToken cancellationToken)
    {
        await using var store = await folder.OpenBesideAsync(time, cancellationToken);
        var newest = (await store.Jobs.ListAsync(HostSettings.Tenant, state: null, before: null, 1, cancellationToken)).Select(job => (DateTimeOffset?)job.UpdatedAt).FirstOrDefault();
        return newest - time.GetUtcNow() is { } ahead && ahead > Tolerable
            ? DoctorFinding.Warning($"the newest job is dated {newest:yyyy-MM-dd HH:mm:ss}Z, which is yet to come", "set the clock (chrony, systemd-timesyncd): it went back")
            : DoctorFinding.Ok("no job is dated later than now");
    }
}
