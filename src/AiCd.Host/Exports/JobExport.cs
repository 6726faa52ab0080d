using System.Security.Cryptography;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Journal;
using AiCd.Host.Driving;
using AiCd.Host.Jobs;

namespace AiCd.Host.Exports;

/// <summary>
/// A job's whole history as JSON Lines: a header, every event as the journal has it, every artifact after the event that first names it,
/// and an end that says how much there was. The same history always gives the same bytes.
/// </summary>
internal sealed class JobExport(IJobSource jobs, TextWriter output, bool artifacts)
{
    public const string Format = "aicd.job";
    public const int Version = 1;

    private readonly HashChain _chain = new();
    private readonly HashSet<string> _written = [];
    private int _artifacts;

    /// <returns>What was written.</returns>
    public async Task<ExportSummary> WriteAsync(JobId id, CancellationToken cancellationToken)
    {
        Job? job = null;
        string? quarantine = null;
        var events = 0;
        await foreach (var row in jobs.RowsAsync(id, cancellationToken))
        {
            if (events++ == 0)
            {
                await WriteAsync(json => Header(json, id, row.Tenant));
            }

            (job, quarantine) = quarantine is null ? JobHistory.TryAdvance(id, job, row) : (job, quarantine);
            await WriteAsync(json => Event(json, row));
            foreach (var artifact in artifacts ? NamedArtifacts.In(row.Payload) : [])
            {
                await WriteAsync(id, row.Tenant, artifact, cancellationToken);
            }
        }

        await WriteAsync(json => End(json, events, job, quarantine));
        return new ExportSummary(id, events, _artifacts, job?.State, _chain.Head);
    }

    private async Task WriteAsync(JobId id, string tenant, ArtifactRef artifact, CancellationToken cancellationToken)
    {
        if (artifact.Inline is not null || !_written.Add(artifact.Sha256))
        {
            return;
        }

        // What is not what its hash says is exported all the same: whoever verifies must hear of it.
        var content = await jobs.FindContentAsync(id, tenant, artifact.Sha256, cancellationToken);
        await WriteAsync(json => Artifact(json, artifact, content));
        _artifacts++;
    }

    private Task WriteAsync(Action<Utf8JsonWriter> members) => output.WriteAsync(_chain.Seal(ExportLine.Write(members)) + "\n");

    private void Header(Utf8JsonWriter json, JobId id, string tenant)
    {
        json.WriteString("type", "header");
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("jobId", id.Value);
        json.WriteString("tenant", tenant);
        json.WriteBoolean("artifacts", artifacts);
    }

    private static void Event(Utf8JsonWriter json, in JournalRow row)
    {
        json.WriteString("type", "event");
        json.WriteNumber("seq", row.Seq);
        json.WriteNumber("shard", row.Shard);
        json.WriteNumber("shardSeq", row.ShardSeq);
        json.WriteString("event", row.Event);
        json.WriteString("at", row.RecordedAt.UtcDateTime);
        json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(row.Payload.Span)));
        if (IsOneLineOfJson(row.Payload.Span))
        {
            json.WritePropertyName("data");
            json.WriteRawValue(row.Payload.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String("base64", row.Payload.Span);
        }
    }

    private static void Artifact(Utf8JsonWriter json, ArtifactRef artifact, byte[]? content)
    {
        json.WriteString("type", "artifact");
        json.WriteString("kind", artifact.Kind);
        json.WriteString("sha256", artifact.Sha256);
        json.WriteNumber("size", artifact.Size);
        json.WriteString("mediaType", artifact.MediaType);
        if (content is null)
        {
            json.WriteBoolean("missing", true);
        }
        else if (IsText(artifact, content))
        {
            json.WriteString("text", content);
        }
        else
        {
            json.WriteBase64String("base64", content);
        }
    }

    private void End(Utf8JsonWriter json, int events, Job? job, string? quarantine)
    {
        json.WriteString("type", "end");
        json.WriteNumber("events", events);
        json.WriteNumber("artifacts", _artifacts);
        json.WriteString("state", job is null ? null : WireNames.Of(job.State));
        if (quarantine is not null)
        {
            json.WriteString("quarantine", quarantine);
        }
    }

    private static bool IsText(ArtifactRef artifact, byte[] content) =>
        !artifact.MediaType.StartsWith("application/x-", StringComparison.Ordinal) && System.Text.Unicode.Utf8.IsValid(content);

    private static bool IsOneLineOfJson(ReadOnlySpan<byte> payload)
    {
        if (payload.IndexOfAny((byte)'\n', (byte)'\r') >= 0 || !System.Text.Unicode.Utf8.IsValid(payload))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(payload);
            while (reader.Read())
            {
            }

            return reader.BytesConsumed == payload.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <param name="State">Null where the history cannot be read.</param>
/// <param name="Hash">Of the last line, and so of the whole file.</param>
internal sealed record ExportSummary(JobId Job, int Events, int Artifacts, JobState? State, string Hash);
