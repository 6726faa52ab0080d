using AiCd.Host.CommandLine;

namespace AiCd.Host.Output;

/// <summary>
/// A file that is not there until it is whole: it is written under another name and takes its own when it is kept. For its owner alone,
/// because histories hold the code and words of private repositories.
/// </summary>
internal sealed class NewFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private bool _kept;

    private NewFile(string path, string partial, FileStream stream)
    {
        _path = path;
        _partial = partial;
        Stream = stream;
    }

    public FileStream Stream { get; }

    /// <param name="what">Names the argument in messages.</param>
    /// <exception cref="CommandException">There is such a file already, or it cannot be written.</exception>
    public static NewFile Create(string path, string what)
    {
        if (Path.Exists(path))
        {
            throw CommandException.BadInput($"{what}: expected a file that is not there yet, got '{path}', which is");
        }

        var partial = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 16 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new NewFile(path, partial, new FileStream(partial, options));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw CommandException.BadInput($"{what}: expected a file that can be written, got '{path}': {error.Message}", error);
        }
    }

    /// <summary>The file is whole: it is on the disk under its own name afterwards.</summary>
    public void Keep()
    {
        Stream.Flush(flushToDisk: true);
        File.Move(_partial, _path, overwrite: false);
        _kept = true;
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (!_kept)
        {
            File.Delete(_partial);
        }
    }
}
