using System.Text;

namespace AiCd.Host.Demo;

/// <summary>A small repository with a little history. Nothing of the user's git configuration is read.</summary>
internal static class DemoRepository
{
    private const string Author = "Ada Example <ada@example.com>";
    private const long FirstCommitAt = 1_735_689_600;

    private static readonly (string Message, (string Path, string Text)[] Files)[] Commits =
    [
        ("Say what this is", [("README.md", "# Greeter\n\nGreets people by their name.\n")]),
        ("Greet the world", [("greet.sh", "#!/bin/sh\necho \"Hello, world!\"\n")]),
        ("Check the greeting", [("test.sh", "#!/bin/sh\nset -e\ntest \"$(./greet.sh)\" = \"Hello, world!\"\n"), ("README.md", "# Greeter\n\nGreets people by their name.\n\nRun `./test.sh` before you commit.\n")]),
    ];

    public static async Task CreateAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await GitAsync(folder, ["init", "--quiet", "--initial-branch=main", "."], "", cancellationToken);
        await GitAsync(folder, ["fast-import", "--quiet"], History(), cancellationToken);
        await GitAsync(folder, ["reset", "--quiet", "--hard", "main"], "", cancellationToken);
    }

    private static string History()
    {
        var stream = new StringBuilder();
        for (var i = 0; i < Commits.Length; i++)
        {
            var (message, files) = Commits[i];
            stream.Append($"commit refs/heads/main\ncommitter {Author} {FirstCommitAt + (i * 3600)} +0000\n{Data(message)}");
            foreach (var (path, text) in files)
            {
                var mode = path.EndsWith(".sh", StringComparison.Ordinal) ? "100755" : "100644";
                stream.Append($"M {mode} inline {path}\n{Data(text)}");
            }
        }

        return stream.ToString();
    }

    private static string Data(string text) => $"data {Encoding.UTF8.GetByteCount(text)}\n{text}\n";

    private static Task GitAsync(string folder, string[] arguments, string input, CancellationToken cancellationToken) =>
        DemoProcess.RunAsync("git", arguments, folder, input, cancellationToken);
}
