using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace AiCd.Host.Exports;

/// <summary>Reads a chained file line by line and vouches for every line that it returns.</summary>
internal sealed class ChainedLines(Stream stream) : IDisposable
{
    // Strict: a byte that is no UTF-8 must not become a replacement character that hides it.
    private readonly StreamReader _reader = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
    private readonly HashChain _chain = new();

    /// <summary>Number of the last line, from 1.</summary>
    public long Number { get; private set; }

    public string Head => _chain.Head;

    /// <exception cref="CommandLine.CommandException">A line is not the next of the chain.</exception>
    public async IAsyncEnumerable<JsonElement> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } line)
        {
            yield return line;
        }
    }

    /// <returns>Null at the end.</returns>
    public async Task<JsonElement?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _reader.ReadLineAsync(cancellationToken) is not { } line)
            {
                return null;
            }

            var body = _chain.Open(line, ++Number);
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw HashChain.Broken(Number, $"expected a JSON object: {error.Message}");
        }
        catch (DecoderFallbackException)
        {
            throw HashChain.Broken(Number + 1, "expected UTF-8");
        }
    }

    public void Dispose() => _reader.Dispose();
}
