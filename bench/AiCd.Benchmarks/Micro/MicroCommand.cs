using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace AiCd.Benchmarks.Micro;

/// <summary>Runs the micro-benchmarks in this process: they measure pure code, and nothing has to be built for them.</summary>
internal static class MicroCommand
{
    public static Command Create()
    {
        var filter = new Option<string>("--filter") { Description = "Only benchmarks whose names fit.", DefaultValueFactory = _ => "*" };
        var command = new Command("micro", "BenchmarkDotNet: the pure core and serialisation") { filter };
        command.SetAction(parsed =>
        {
            var job = Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance);
            var folder = Path.Combine(Path.GetTempPath(), "aicd-micro");
            var config = DefaultConfig.Instance.AddJob(job).WithArtifactsPath(folder).WithOptions(ConfigOptions.DisableLogFile);
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(["--filter", parsed.GetValue(filter)!], config);
            return summaries.Any() && summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;
        });
        return command;
    }
}
