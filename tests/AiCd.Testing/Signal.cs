namespace AiCd.Testing;

/// <summary>Signals that tests send to processes; the values are Linux's numbers.</summary>
public enum Signal
{
    None = 0,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
