using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;
using BenchmarkDotNet.Attributes;

namespace AiCd.Benchmarks.Micro;

/// <summary>Events into the journal and back.</summary>
[MemoryDiagnoser]
public class SerialisationBenchmarks
{
    private readonly JobEvent[] _events = [.. SampleHistory.Events()];
    private readonly (string Name, byte[] Payload)[] _stored = [.. SampleHistory.Events().Select(e => (JobEventCodec.NameOf(e), JobEventCodec.Encode(e)))];

    [Benchmark(Description = "Encode: the ten events of a job")]
    public int Encode()
    {
        var bytes = 0;
        foreach (var e in _events)
        {
            bytes += JobEventCodec.Encode(e).Length;
        }

        return bytes;
    }

    [Benchmark(Description = "Decode: the ten events of a job")]
    public JobEvent Decode()
    {
        JobEvent last = _events[0];
        foreach (var (name, payload) in _stored)
        {
            last = JobEventCodec.Decode(name, payload, last.At);
        }

        return last;
    }

    [Benchmark(Description = "JobId: make, print and parse")]
    public JobId Id() => JobId.Parse(JobId.Create(_events[0].At, 7, 12345).Value);
}
