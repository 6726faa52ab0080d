using System.CommandLine;
using AiCd.Benchmarks;

// A node has a host that hears SIGTERM and takes its time; nothing may end it meanwhile.
var invocation = new InvocationConfiguration();
if (args is ["node"])
{
    invocation.ProcessTerminationTimeout = null;
}

return await BenchmarkCommands.Root().Parse(args).InvokeAsync(invocation);
