using AiCd.Actors.Jobs;
using BenchmarkDotNet.Attributes;

namespace AiCd.Benchmarks.Micro;

/// <summary>Deciding and evolving: what an actor does between its mailbox and the journal.</summary>
[MemoryDiagnoser]
public class CoreBenchmarks
{
    private readonly JobId _id = SampleHistory.Id;
    private readonly IReadOnlyList<JobEvent> _history = SampleHistory.Events();
    private Job _coding = null!;
    private JobCommand _done = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _coding = JobEvolver.Replay(_id, _history.Take(4))!;
        _done = SampleHistory.CodingDone(_coding);
    }

    [Benchmark(Description = "Decide: a coding result")]
    public Decision Decide() => JobDecider.Decide(_coding, _done);

    [Benchmark(Description = "Evolve: a coding result")]
    public Job Evolve() => JobEvolver.Evolve(_id, _coding, _history[4]);

    [Benchmark(Description = "OwedWork: of a job in coding")]
    public OwedWork? Owed() => OwedWork.Of(_coding);

    [Benchmark(Description = "Replay: a whole job of ten events")]
    public Job Replay() => JobEvolver.Replay(_id, _history)!;
}
