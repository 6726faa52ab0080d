using AiCd.Actors.Hosting.Doctor;
using Microsoft.Extensions.DependencyInjection;

namespace AiCd.Host.Doctor;

internal static class DoctorServices
{
    /// <summary>The checks of the executable itself; agents, sandbox and forge register theirs.</summary>
    public static IServiceCollection AddDoctor(this IServiceCollection services) => services
        .AddSingleton<IDoctorCheck, DataFolderCheck>()
        .AddSingleton<IDoctorCheck, DiskCheck>()
        .AddSingleton<IDoctorCheck, StoreDoctorCheck>()
        .AddSingleton<IDoctorCheck, ClockCheck>()
        .AddSingleton<IDoctorCheck, GitCheck>()
        .AddSingleton<IDoctorCheck, OpenFilesCheck>()
        .AddSingleton<IDoctorCheck, HooksCheck>();
}
