using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Jobs.Stored;

namespace AiCd.Actors.Journal;

/// <summary>Turns jobs into snapshots and back.</summary>
public static class SnapshotCodec
{
    /// <summary>Raise it when events come to mean something else for a job, though no class has changed.</summary>
    private const int Generation = 1;

    /// <summary>
    /// Made of the shape of the job and of all that it holds, so that no change of a class is forgotten: snapshots of another schema are
    /// discarded, never converted.
    /// </summary>
    public static int Schema { get; } = SchemaOf(typeof(Job), Generation);

    public static JobSnapshot Encode(Job job) => new(job.Id, job.Seq, Schema, JsonSerializer.SerializeToUtf8Bytes(job, JobJson.Default.Job));

    /// <returns>Null where the snapshot cannot be read, or is not of the job and event that it says.</returns>
    public static Job? Decode(JobSnapshot snapshot)
    {
        if (snapshot.Schema != Schema)
        {
            return null;
        }

        try
        {
            var job = JsonSerializer.Deserialize(snapshot.State.Span, JobJson.Default.Job);
            return job is not null && job.Id == snapshot.Job && job.Seq == snapshot.Seq ? job : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static int SchemaOf(Type type, int generation)
    {
        var shape = new StringBuilder().Append(generation);
        Describe(type, shape, []);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(shape.ToString()), hash);
        return BinaryPrimitives.ReadInt32BigEndian(hash) & int.MaxValue;
    }

    private static void Describe(Type type, StringBuilder shape, HashSet<Type> seen)
    {
        if (!seen.Add(type))
        {
            return;
        }

        foreach (var argument in type.GetGenericArguments())
        {
            Describe(argument, shape, seen);
        }

        if (type.Assembly != typeof(Job).Assembly)
        {
            return;
        }

        shape.Append('\n').Append(type);
        if (type.IsEnum)
        {
            shape.AppendJoin(' ', Enum.GetNames(type));
            return;
        }

        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            shape.Append('\n').Append(property.Name).Append(' ').Append(property.PropertyType);
            Describe(property.PropertyType, shape, seen);
        }
    }
}
