using System.CommandLine;
using System.Text;
using AiCd.Host.CommandLine;
using AiCd.Host.Commands;
using AiCd.Host.Output;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
var screen = new Screen();
var root = new RootCommand("Drives software issues to pull requests with AI agents")
{
    SharedOptions.Data,
    SharedOptions.Verbose,
    DemoCommand.Create(screen),
    RunCommand.Create(screen),
    ServeCommand.Create(screen),
    JobsCommand.Create(screen),
}.WithExamples(
    "aicd demo",
    "aicd run --repo . --issue issue.md",
    "aicd jobs list");
OperatorCommands.AddTo(root, screen);
Help.ShowExamples(root);
return await CommandRunner.RunAsync(root, args, screen);
