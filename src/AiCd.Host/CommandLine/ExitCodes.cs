namespace AiCd.Host.CommandLine;

internal static class ExitCodes
{
    /// <summary>Done as asked.</summary>
    public const int Done = 0;

    /// <summary>The job failed, was cancelled or is quarantined.</summary>
    public const int JobFailed = 1;

    /// <summary>The question was answered with no: a file or a store is not what it should be.</summary>
    public const int Refuted = 1;

    /// <summary>Bad usage, configuration or input.</summary>
    public const int BadInput = 2;

    /// <summary>Store, forge or provider cannot be used.</summary>
    public const int Environment = 3;

    /// <summary>Interrupted; what was begun stays owed.</summary>
    public const int Interrupted = 130;

    public const string Explanation = """

        Exit codes:
          0    Done as asked
          1    The job failed, was cancelled, is quarantined or refuses the command; a file or a store is not what it should be
          2    Bad usage, configuration or input
          3    Store, forge, provider or machine cannot be used
          130  Interrupted; what was begun stays owed
        """;
}
