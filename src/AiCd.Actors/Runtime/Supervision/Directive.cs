namespace AiCd.Actors.Runtime.Supervision;

/// <summary>What is done about an attempt that went wrong.</summary>
public enum Directive
{
    /// <summary>Try again after a backoff; counts against the stage's attempts.</summary>
    Restart,

    /// <summary>Fail the job at once: trying again would give the same.</summary>
    Stop,

    /// <summary>The provider is down: open its circuit, let the job wait, and count nothing against it.</summary>
    Escalate,

    /// <summary>Go on at once; bounded as interruptions are.</summary>
    Resume,
}
