using AiCd.Actors.Hosting.Doctor;
using AiCd.Actors.Journal;
using AiCd.Host.Configuration;
using AiCd.Host.StoreCare;

namespace AiCd.Host.Doctor;

/// <summary>Whether the store can be reached, and is of this version.</summary>
internal sealed class StoreDoctorCheck(HostSettings settings) : IDoctorCheck
{
    public string Name => "store";

    public async Task<DoctorFinding> RunAsync(CancellationToken cancellationToken)
    {
        var store = StoreAddress.Of(settings);
        if (!store.MayExist)
        {
            return DoctorFinding.Ok($"none in {settings.DataFolder} yet; it is made at the first use");
        }

        try
        {
            var schema = await StoreSchema.ReadAsync(store, cancellationToken);
            return schema switch
            {
                { IsNewer: true } => DoctorFinding.Failed($"{store.Name} was written by a newer version of aicd", "install that version, or restore a backup that was made before"),
                { Applied.Count: 0 } => DoctorFinding.Ok($"none in {store.Name} yet; it is made at the first use"),
                { Pending.Count: > 0 and var pending } => DoctorFinding.Warning(
                    $"{store.Name} was written by an older version: {pending} migrations are pending", "make a backup (aicd db backup), then `aicd db migrate`, or start a node, which does the same"),
                _ => DoctorFinding.Ok($"{store.Name}, all {schema.Applied.Count} migrations applied"),
            };
        }
        catch (JournalException error)
        {
            return DoctorFinding.Failed(error.Message, store is StoreAddress.Postgres
                ? "see that the server runs, that it can be reached from here, and that AiCd__Postgres names database, user and password"
                : "restore a backup (aicd db restore), or name another folder by --data");
        }
    }
}
