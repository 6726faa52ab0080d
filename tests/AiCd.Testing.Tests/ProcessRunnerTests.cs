namespace AiCd.Testing.Tests;

public sealed class ProcessRunnerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Arguments_input_environment_and_folder_reach_the_process_as_given()
    {
        using var folder = new TemporaryFolder();
        var command = ProcessRunner.Command(
            "bash",
            ["-c", "printf '%s|%s|%s|%s' \"$1\" \"$(cat)\" \"$GIVEN\" \"$PWD\"; exit 4", "bash", "a 'b\" $c"],
            new Dictionary<string, string?> { ["GIVEN"] = "value" },
            folder.Location);

        var result = await ProcessRunner.RunAsync(command, "input", Cancelled);

        result.Output.ShouldBe($"a 'b\" $c|input|value|{folder.Location}");
        result.ExitCode.ShouldBe(4);
        Should.Throw<InvalidOperationException>(result.EnsureSuccess);
    }

    [Fact]
    public async Task Cancelling_ends_the_process()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var running = ProcessRunner.RunAsync("sleep", ["600"], cancellation.Token);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }
}
