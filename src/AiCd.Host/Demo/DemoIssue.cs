namespace AiCd.Host.Demo;

/// <summary>The issue that the demo files.</summary>
internal static class DemoIssue
{
    private const string Text = """
        # Greet people by their name

        `greet.sh` greets the world and nobody in particular. README.md promises more.

        - Take the name from the first argument
        - Fall back to "world" where there is none
        - Describe the argument in README.md

        ```sh
        $ ./greet.sh Ada
        Hello, Ada!
        ```
        """;

    public static Task WriteAsync(string path, CancellationToken cancellationToken) => File.WriteAllTextAsync(path, Text + "\n", cancellationToken);
}
