using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace AiCd.Actors.Jobs.Stored;

/// <summary>
/// One kind of event as it is stored. The name and the version of the payload outlive the class: when the class changes shape,
/// the version rises and an upcaster is added, and what was written before stays readable.
/// </summary>
/// <param name="Version">Of the payloads written now, from 1; payloads of version 1 do not bear it.</param>
/// <param name="Upcasters">The n-th turns a payload of version n + 1 into one of version n + 2.</param>
public sealed record StoredEventType(string Name, Type ClrType, JsonTypeInfo Json, int Version, IReadOnlyList<Func<JsonObject, JsonObject>> Upcasters);
