using AiCd.Actors.Journal;
using AiCd.Actors.Journal.Sqlite;
using AiCd.StoreChild;

// A process for tests to kill. It opens the store in the folder given and says so; then it waits for the end of its input
// ("hold"), or appends without end and says of every append that it was acknowledged ("append").
if (args is not ["hold" or "append", var folder])
{
    await Console.Error.WriteLineAsync("Expected: hold|append FOLDER");
    return 2;
}

try
{
    await using var store = await SqliteStore.OpenAsync(folder);
    Console.WriteLine("open");
    if (args[0] == "append")
    {
        await Appending.RunAsync(store);
    }

    await Console.In.ReadToEndAsync();
    return 0;
}
catch (StoreUnusableException error)
{
    await Console.Error.WriteLineAsync($"{error.Code}: {error.Message}");
    return 3;
}
