using System.Text.Json;
using AiCd.Actors.Journal.InMemory;
using AiCd.Actors.Journal.Sqlite;
using AiCd.Benchmarks;

var folder = Directory.CreateTempSubdirectory("aicd-bench-");
await using AiCd.Actors.Journal.IStore store = args[0] == "memory" ? new InMemoryStore() : await SqliteStore.OpenAsync(folder.FullName);
var result = await Throughput.RunAsync(store, int.Parse(args[1]), int.Parse(args[2]), CancellationToken.None);
Console.WriteLine(JsonSerializer.Serialize(result));
