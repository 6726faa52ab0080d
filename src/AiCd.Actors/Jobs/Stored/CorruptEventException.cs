namespace AiCd.Actors.Jobs.Stored;

/// <summary>A stored event cannot be understood. Its job is quarantined; others go on.</summary>
public sealed class CorruptEventException : Exception
{
    public CorruptEventException(string message)
        : base(message)
    {
    }

    public CorruptEventException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
