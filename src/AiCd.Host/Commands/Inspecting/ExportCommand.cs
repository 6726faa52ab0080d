using System.CommandLine;
using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Host.CommandLine;
using AiCd.Host.Exports;
using AiCd.Host.Jobs;
using AiCd.Host.Output;

namespace AiCd.Host.Commands.Inspecting;

/// <summary><c>aicd export</c>: a job's whole history as a file that proves itself.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> Output = new("--output", "-o") { HelpName = "FILE", Description = "Write to a new file [default: standard output]" };
    private static readonly Option<bool> NoArtifacts = new("--no-artifacts") { Description = "Leave out plans, diffs, bundles and transcripts: events alone" };

    public static Command Create(Screen screen)
    {
        var command = new Command("export", "Write a job's whole history as JSON Lines that are chained by hash")
        {
            JobArgument.Argument, Output, NoArtifacts, SharedOptions.Server, SharedOptions.Postgres,
        };
        command.SetAction((arguments, interrupted) => JobArgument.ReadAsync(screen, arguments, live: false, async (jobs, job) =>
        {
            await RunAsync(screen, jobs, job, arguments, interrupted);
            return ExitCodes.Done;
        }, interrupted));
        return command.WithExamples("aicd export 01k9z3m7c > job.jsonl", "aicd export 01k9z3m7c --output job.jsonl && aicd verify job.jsonl");
    }

    private static async Task RunAsync(Screen screen, IJobSource jobs, JobId job, ParseResult arguments, CancellationToken interrupted)
    {
        var artifacts = !arguments.GetValue(NoArtifacts);
        if (arguments.GetValue(Output) is not { } path)
        {
            await new JobExport(jobs, Console.Out, artifacts).WriteAsync(job, interrupted);
            return;
        }

        await using var file = NewFile.Create(path, "--output");
        await using (var writer = new StreamWriter(file.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true))
        {
            var summary = await new JobExport(jobs, writer, artifacts).WriteAsync(job, interrupted);
            await writer.FlushAsync(interrupted);
            screen.Note($"{path}: {summary.Events} events and {summary.Artifacts} artifacts of job {job}, hash {summary.Hash}");
        }

        file.Keep();
    }
}
