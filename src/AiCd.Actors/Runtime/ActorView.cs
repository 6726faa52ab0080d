using AiCd.Actors.Jobs;

namespace AiCd.Actors.Runtime;

/// <summary>An actor that lives on this node.</summary>
/// <param name="Mailbox">Messages that wait.</param>
/// <param name="Age">Since it came into memory.</param>
/// <param name="Idle">Since it began with its last message.</param>
public sealed record ActorView(JobId Job, int Mailbox, TimeSpan Age, TimeSpan Idle);
