using AiCd.Benchmarks;

return await BenchmarkCommands.Root().Parse(args).InvokeAsync();
